// Whether a term is in what was answered: words anywhere, names by their whole, arguments by their path; and nothing that a model writes
// can pass for what it is not.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../src/core/json.ts';
import {
  lineHolds,
  needleOf,
  type RunText,
  searchLine,
  type TextTerm,
} from '../../src/screens/search-texts.ts';

const word = (text: string): TextTerm => ({ kind: 'word', text });
const argument = (path: string, text: string): TextTerm => ({ kind: 'argument', path, text });
const tool = (name: string): TextTerm => ({ kind: 'tool', name });
const finish = (one: string): TextTerm => ({ kind: 'finish', word: one });

const answer = (more: Partial<RunText>): string =>
  searchLine({ text: null, toolCalls: [], finish: [], ...more });
const called = (name: string, given: Json): string => answer({ toolCalls: [{ name, arguments: given }] });

describe('a line of what was answered', () => {
  it.each<[string, string, TextTerm, boolean]>([
    ['a word in any case', answer({ text: 'Call the DENTIST' }), word('dentist'), true],
    ['a part of a word', answer({ text: 'tomorrow' }), word('morr'), true],
    ['another script', answer({ text: 'ЗАВТРА в десять' }), word('завтра'), true],
    ['an accent written as a mark of its own', answer({ text: 'Cafe\u0301' }), word('caf\u00e9'), true],
    ['words over a line end', answer({ text: 'two\r\n  words' }), word('two words'), true],
    ['words that stand apart', answer({ text: 'two other words' }), word('two words'), false],
    ['an argument as a word', called('book', { title: 'Dentist' }), word('dentist'), true],
    ['a tool as a word', called('create_task', {}), word('create'), true],
    ['a phrase over two arguments', called('book', { a: 'one', b: 'two' }), word('one two'), false],
    ['why it ended as a word', answer({ text: 'x', finish: ['stop'] }), word('stop'), false],
    ['a tool by its name', called('create_task', {}), tool('create_task'), true],
    ['a tool by a part of it', called('create_task', {}), tool('create'), false],
    ['a tool by its beginning', called('create_task', {}), tool('create*'), true],
    ['a tool that is only spoken of', answer({ text: 'create_task' }), tool('create_task'), false],
    ['an argument of any call', called('book', { title: 'Dentist at 9' }), argument('title', 'at 9'), true],
    ['another argument', called('book', { note: 'Dentist' }), argument('title', 'dentist'), false],
    [
      'an argument within another',
      called('book', { due: { date: '2026-02-01' } }),
      argument('due.date', '2026'),
      true,
    ],
    [
      'an item of a list',
      called('book', { with: ['Ann', { name: 'Bob' }] }),
      argument('with.name', 'bob'),
      true,
    ],
    ['a number', called('book', { count: 12 }), argument('count', '12'), true],
    ['an argument that is there', called('book', { title: '' }), argument('title', ''), true],
    ['an argument that is not there', called('book', {}), argument('title', ''), false],
    ['an argument named as an ancestor of all objects', called('book', {}), argument('__proto__', ''), false],
    ['arguments that were no JSON', called('book', '{"title": "Den'), word('"den'), true],
    ['why it ended', answer({ finish: ['length', 'cut'] }), finish('cut'), true],
    ['why it ended, by a part of it', answer({ finish: ['content_filter'] }), finish('content'), false],
    // What lines are built with never comes from a model.
    [
      'a call in the text',
      answer({ text: 'x\u0002create_task\u0003title\u0004y' }),
      tool('create_task'),
      false,
    ],
    ['an argument in an argument', called('b', { a: 'x\u0003title\u0004y' }), argument('title', 'y'), false],
    ['an end in the text', answer({ text: '\u0005refused\u0001' }), finish('refused'), false],
    ['a tool named with a control character', called('a\u0003b', {}), tool('a'), false],
  ])('%s', (_, line, term, holds) => {
    expect(lineHolds(line, term)).toBe(holds);
  });

  it('always has what is looked for first where it fits', () => {
    const terms = fc.oneof(
      fc.string().map(word),
      fc.string().map(tool),
      fc.tuple(fc.string(), fc.string()).map(([path, text]) => argument(path, text)),
      fc.string().map(finish),
    );
    const lines = fc.record({
      text: fc.option(fc.string({ unit: 'binary' })),
      toolCalls: fc.array(
        fc.record({ name: fc.string(), arguments: fc.json().map((text) => JSON.parse(text)) }),
        {
          maxLength: 2,
        },
      ),
      finish: fc.array(fc.string(), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(lines, terms, (text, term) => {
        const line = searchLine(text as RunText);
        if (lineHolds(line, term)) expect(line).toContain(needleOf(term));
      }),
    );
  });

  it('is made of arguments however deep they are', () => {
    let deep: Json = 'bottom';
    for (let i = 0; i < 200; i++) deep = { a: deep };
    expect(lineHolds(called('x', deep), word('bottom'))).toBe(true);
  });
});
