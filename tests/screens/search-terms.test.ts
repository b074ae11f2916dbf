// The language of the search box: what is typed becomes terms, or one sentence that says what is wrong.
import { describe, expect, it } from 'vitest';
import { readSearch } from '../../src/screens/search-terms.ts';

const readable: readonly (readonly [string, { all?: readonly object[]; none?: readonly object[] }])[] = [
  ['', {}],
  ['  \t ', {}],
  ['gym', { all: [{ kind: 'word', text: 'gym' }] }],
  [
    'gym class',
    {
      all: [
        { kind: 'word', text: 'gym' },
        { kind: 'word', text: 'class' },
      ],
    },
  ],
  ['"two words"', { all: [{ kind: 'word', text: 'two words' }] }],
  ['"still typing', { all: [{ kind: 'word', text: 'still typing' }] }],
  ['""', {}],
  ['-refund', { none: [{ kind: 'word', text: 'refund' }] }],
  ['-"two words"', { none: [{ kind: 'word', text: 'two words' }] }],
  ['a - b', { all: ['a', '-', 'b'].map((text) => ({ kind: 'word', text })) }],
  ['tool:create_task', { all: [{ kind: 'tool', name: 'create_task' }] }],
  ['tools:create*', { all: [{ kind: 'tool', name: 'create*' }] }],
  ['arg.title:dentist', { all: [{ kind: 'argument', path: 'title', text: 'dentist' }] }],
  ['arg.due.date:"next week"', { all: [{ kind: 'argument', path: 'due.date', text: 'next week' }] }],
  ['arg.title:', { all: [{ kind: 'argument', path: 'title', text: '' }] }],
  ['finish:length', { all: [{ kind: 'finish', word: 'length' }] }],
  ['tag:a,b', { all: [{ kind: 'tag', values: ['a', 'b'] }] }],
  ['tag:"a,b"', { all: [{ kind: 'tag', values: ['a,b'] }] }],
  ['-category:x', { none: [{ kind: 'category', values: ['x'] }] }],
  ['variant:base*', { all: [{ kind: 'variant', values: ['base*'] }] }],
  ['id:pay:*', { all: [{ kind: 'scenario', values: ['pay:*'] }] }],
  ['run:1,3', { all: [{ kind: 'run', values: [1, 3] }] }],
  ['mark:failed,error', { all: [{ kind: 'mark', values: ['failed', 'error'] }] }],
  ['status:Failed', { all: [{ kind: 'mark', values: ['failed'] }] }],
  ['score:<0.5', { all: [{ kind: 'score', is: '<', value: 0.5 }] }],
  ['score:1', { all: [{ kind: 'score', is: '=', value: 1 }] }],
  ['score:>=50%', { all: [{ kind: 'score', is: '>=', value: 0.5 }] }],
  ['latency:>1.5s', { all: [{ kind: 'latency', is: '>', value: 1_500 }] }],
  ['cost:<=.01', { all: [{ kind: 'cost', is: '<=', value: 0.01 }] }],
  // Ids of scenarios have colons, too: what is no name of ours is text.
  ['ambiguous:gym', { all: [{ kind: 'word', text: 'ambiguous:gym' }] }],
  ['https://x.y/z', { all: [{ kind: 'word', text: 'https://x.y/z' }] }],
  ['12:30', { all: [{ kind: 'word', text: '12:30' }] }],
  ['__proto__:x', { all: [{ kind: 'word', text: '__proto__:x' }] }],
  ['constructor:x', { all: [{ kind: 'word', text: 'constructor:x' }] }],
];

describe('a search', () => {
  it.each(readable)('%j is read into terms', (text, { all = [], none = [] }) => {
    expect(readSearch(text)).toEqual({ kind: 'ok', value: { all, none } });
  });

  it.each([
    ['tool:', 'tool: says nothing; write what it should be behind the colon'],
    ['score:high', 'score:high is no number; write for example score:<0.5'],
    ['score:<', 'score:< is no number; write for example score:<0.5'],
    ['mark:green', 'mark:green is no mark; there are passed, failed, unjudged, error, stale, missing'],
    ['run:first', 'run:first is no run; write for example run:2 or run:1,3'],
    [
      'socre:<0.5',
      'socre is no number that runs have; there are score, tokens, latency, cost. A text stands in quotes',
    ],
  ])('%j is refused in a sentence', (text, error) => {
    expect(readSearch(text)).toEqual({ kind: 'err', error });
  });

  it('is refused where nobody can have typed it', () => {
    expect(readSearch('a '.repeat(50)).kind).toBe('err');
    expect(readSearch('a'.repeat(3_000)).kind).toBe('err');
  });
});
