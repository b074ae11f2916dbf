import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChatMessage, Scenario } from '../../src/core/manifest.ts';
import { conversationProblem, renderMessages, templateProblems } from '../../src/variants/render.ts';
import { readsOf, textsOfVariant } from '../../src/variants/rendered.ts';

function scenario(fields: Partial<Scenario>): Scenario {
  return {
    ...{
      id: 's',
      input: 'hi',
      category: null,
      tags: [],
      description: null,
      vars: {},
      expect: null,
      toolResults: {},
      expectsTools: {},
    },
    source: { file: 's.yaml', line: 1 },
    ...fields,
  };
}

function render(template: string, fields: Partial<Scenario> = {}): unknown {
  const [message] = renderMessages({ variant: { system: null, template }, scenario: scenario(fields) });
  return message?.content;
}

describe('rendering', () => {
  it('puts the system prompt first, and fills it as it fills the template', () => {
    expect(
      renderMessages({
        variant: { system: 'Be {{vars.how}}, {{category}} {{id}}: {{input}}', template: '> {{input}}' },
        scenario: scenario({ vars: { how: 'brief' } }),
      }),
    ).toEqual([
      { role: 'system', content: 'Be brief,  s: hi' },
      { role: 'user', content: '> hi' },
    ]);
  });
  it('hands own code its system prompt as it is written', () => {
    const harness = { kind: 'module', file: 'a.ts', code: { files: [], packages: [] } } as const;
    expect(
      renderMessages({
        variant: { system: 'Be {{input}}', template: '> {{input}}', harness },
        scenario: scenario({}),
      })[0],
    ).toEqual({ role: 'system', content: 'Be {{input}}' });
  });
  it('sends braces that are meant as braces', () => {
    expect(render('{{!input}} {{ !name }} {{!#each a}} {{! b }}')).toBe(
      '{{input}} {{name }} {{#each a}} {{ b }}',
    );
  });
  it('fills input, id, category and variables, with spaces inside the braces or without', () => {
    const fields = { category: 'c', vars: { x: 'text', n: 1.5, o: { a: [true, null] }, 'a.b': 'dotted' } };
    expect(
      render('{{ input }}|{{id}}|{{category}}|{{vars.x}}|{{vars.n}}|{{ vars.o }}|{{vars.a.b}}', fields),
    ).toBe('hi|s|c|text|1.5|{"a":[true,null]}|dotted');
  });
  it('takes values as text, whatever a replacement string would make of them', () => {
    expect(render('[{{input}}]', { input: "$& $1 $$ $' {{id}} {{vars.x}}" })).toBe(
      "[$& $1 $$ $' {{id}} {{vars.x}}]",
    );
  });
  it('never reads a value as a template', () => {
    const part = fc.constantFrom('{{', '}}', '{', '}', 'input', 'id', 'vars.x', ' ', '$&', 'é');
    const hostile = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(hostile, hostile, hostile, (input, x, id) => {
        expect(render('<{{input}}|{{vars.x}}|{{id}}>', { input, id, vars: { x } })).toBe(
          `<${input}|${x}|${id}>`,
        );
      }),
    );
  });
  it('applies the template to the last user message of a conversation only', () => {
    const input = [
      { role: 'user', content: 'first' },
      { role: 'assistant', content: null, tool_calls: [{ id: '1' }] },
      { role: 'user', content: 'last' },
      { role: 'assistant', content: '{{input}}' },
    ] as const;
    expect(
      renderMessages({ variant: { system: null, template: 'T {{input}}' }, scenario: scenario({ input }) }),
    ).toEqual([input[0], input[1], { role: 'user', content: 'T last' }, input[3]]);
  });
  it('applies it to the last text part where the message has parts', () => {
    const image = { type: 'image_url', image_url: { url: 'data:' } };
    const input = [
      { role: 'user', content: [{ type: 'text', text: 'a' }, image, { type: 'text', text: 'b' }] },
    ] as const;
    const [message] = renderMessages({
      variant: { system: null, template: 'T {{input}}' },
      scenario: scenario({ input }),
    });
    expect(message?.content).toEqual([{ type: 'text', text: 'a' }, image, { type: 'text', text: 'T b' }]);
  });
  it('passes a conversation without a user message on as it is', () => {
    const input = [{ role: 'assistant', content: 'hello' }] as const;
    expect(
      renderMessages({ variant: { system: null, template: '{{input}}' }, scenario: scenario({ input }) }),
    ).toEqual(input);
  });
  it('refuses to invent a variable: not even one of every object', () => {
    expect(() => render('{{vars.constructor}}')).toThrow('has no variable constructor');
  });
});

describe('a template of messages', () => {
  const messages = (template: readonly ChatMessage[], fields: Partial<Scenario> = {}, system = null) =>
    renderMessages({ variant: { system, template }, scenario: scenario(fields) });
  it('fills each text of each message, and nothing else', () => {
    const made = messages(
      [
        { role: 'system', content: 'Be {{vars.how}}.' },
        {
          role: 'user',
          name: '{{id}}',
          content: [
            { type: 'text', text: '{{input}}!' },
            { type: 'image_url', image_url: { url: '{{vars.url}}' } },
          ],
        },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":"{{vars.how}}"}' } }],
        },
      ],
      { vars: { how: 'brief', url: 'http://x/' } },
    );
    expect(made).toEqual([
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        name: 's',
        content: [
          { type: 'text', text: 'hi!' },
          { type: 'image_url', image_url: { url: 'http://x/' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'c', function: { name: 'f', arguments: '{"a":"brief"}' } }],
      },
    ]);
  });
  it('puts a conversation where the message is that reads it, and itself around its last user message', () => {
    const input = [
      { role: 'user', content: 'one' },
      { role: 'assistant', content: 'two' },
      { role: 'user', content: 'three' },
    ] as const;
    const template = [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'Q: {{input}}' },
      { role: 'assistant', content: 'Let me think.' },
    ] as const;
    expect(messages(template, { input }).map(({ content }) => content)).toEqual([
      ...['S', 'one', 'two', 'Q: three', 'Let me think.'],
    ]);
  });
  it('says why a conversation has no place in it', () => {
    const of = (system: string | null, ...texts: readonly string[]) =>
      conversationProblem({ system, template: texts.map((content) => ({ role: 'user', content })) });
    expect([
      of(null, '{{input}}', 'x'),
      of('{{input}}', '{{input}}'),
      of(null, 'x'),
      of(null, '{{input}}', '{{input}}'),
    ]).toEqual([...[null, 'system', 'none', 'several']]);
    expect(
      conversationProblem({ system: null, template: [{ role: 'assistant', content: '{{input}}' }] }),
    ).toBe('form');
    expect(conversationProblem({ system: 'x', template: '{{vars.x}}' })).toBe(null);
  });
});

describe('a template', () => {
  it('says what it reads', () => {
    const template = '{{vars.b}} {{input}} {{ vars.a }} {{vars.b}} {{nope}}';
    expect(readsOf(textsOfVariant({ system: null, template, tools: [], maxTurns: 1 }))).toEqual({
      ...{ input: true, id: false, category: false },
      vars: ['a', 'b'],
    });
  });
  it('has a problem for each placeholder that nothing fills', () => {
    expect(templateProblems('{{inputt}} {{}} {{vars.}} {{input}} {{{input}}} { {x} }')).toEqual([
      { placeholder: '{{inputt}}', name: 'inputt', offset: 0 },
      { placeholder: '{{}}', name: '', offset: 11 },
      { placeholder: '{{vars.}}', name: 'vars.', offset: 16 },
    ]);
  });
});
