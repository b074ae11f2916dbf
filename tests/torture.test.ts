import { describe, expect, it } from 'vitest';
import { readArgs } from '../scripts/torture-args.ts';
import {
  BEGIN,
  END,
  markdownTable,
  type RowResult,
  rowLine,
  withRows,
  withTable,
} from '../scripts/torture-table.ts';

function args(argv: readonly string[], env: { readonly [name: string]: string } = {}) {
  return readArgs(argv, { env, seed: 42 });
}

describe('the arguments of a torture', () => {
  it.each<[string, readonly string[], { readonly [name: string]: string }, object]>([
    ['nothing', [], {}, { minutes: null, seed: 42, rows: [] }],
    ['flags after --', ['--minutes', '10', '--seed=7', 'kill'], {}, { minutes: 10, seed: 7, rows: ['kill'] }],
    ["npm's way with a space", ['10'], { npm_config_minutes: 'true' }, { minutes: 10, seed: 42, rows: [] }],
    ["npm's way with =", ['kill'], { npm_config_minutes: '10' }, { minutes: 10, seed: 42, rows: ['kill'] }],
    [
      "npm's way with both",
      ['10', 'kill', '7'],
      { npm_config_minutes: 'true', npm_config_seed: 'true' },
      { minutes: 10, seed: 7, rows: ['kill'] },
    ],
  ])('%s', (_name, argv, env, expected) => {
    expect(args(argv, env)).toEqual(expected);
  });

  it.each([[['--seconds', '3']], [['--minutes']], [['--minutes', 'ten']], [['10']]])('refuses %j', (argv) => {
    expect(() => args(argv)).toThrow(/npm run torture \[/);
  });
});

const ROW = { name: 'kill', how: 'kill -9', holds: 'all', full: 500, unit: 'kills', seconds: 61 };
const HELD: RowResult = { ...ROW, end: { kind: 'held', tried: 500, seen: '1 | 2', cut: false } };
const CUT: RowResult = { ...ROW, end: { kind: 'held', tried: 412, seen: 'some', cut: true } };

describe('the table of a torture', () => {
  it('tells a row that was cut from one that held in full', () => {
    expect(rowLine(HELD)).toBe('held: kill after 61 s: 500 kills: 1 | 2');
    expect(rowLine(CUT)).toBe('held so far, cut by time: kill after 61 s: 412 of 500 kills: some');
  });

  it('does not say of a row without a single try that it held', () => {
    const none: RowResult = { ...ROW, end: { kind: 'held', tried: 0, seen: '', cut: true } };
    expect(rowLine(none)).toContain('not tried: no time');
  });

  it('says of each row whether it held', () => {
    const results: readonly RowResult[] = [
      HELD,
      { ...ROW, end: { kind: 'not-held', why: 'one is lost' } },
      { ...ROW, end: { kind: 'left-out', why: 'needs root' } },
    ];
    expect(markdownTable(results).split('\n').slice(2)).toEqual([
      '| `kill` | kill -9 | 500 kills | all | 1 \\| 2 | held |',
      '| `kill` | kill -9 | 0 of 500 kills | all |  | NOT HELD |',
      '| `kill` | kill -9 | 0 of 500 kills | all |  | left out: needs root |',
    ]);
  });

  it('replaces the lines of some rows, and puts a new one last', () => {
    const page = `before\n${BEGIN}\nSeed 1.\n\n| row |\n| --- |\n| \`kill\` | old |\n| \`other\` | old |\n\n${END}\nafter\n`;
    const changed = withRows(page, [HELD, { ...HELD, name: 'new' }]).split('\n');
    expect(changed.slice(4)).toEqual([
      '| row |',
      '| --- |',
      '| `kill` | kill -9 | 500 kills | all | 1 \\| 2 | held |',
      '| `other` | old |',
      '| `new` | kill -9 | 500 kills | all | 1 \\| 2 | held |',
      '',
      END,
      'after',
      '',
    ]);
  });

  it('replaces what stands between the markers of a page and nothing else', () => {
    const page = `before\n${BEGIN}\nold\n${END}\nafter\n`;
    expect(withTable(page, 'new')).toBe(`before\n${BEGIN}\nnew\n${END}\nafter\n`);
    expect(() => withTable('no markers', 'new')).toThrow(/no markers|has no/);
  });
});
