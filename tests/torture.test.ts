import { describe, expect, it } from 'vitest';
import { readArgs } from '../scripts/torture-args.ts';
import { propertyFiles } from '../scripts/torture-properties.ts';
import {
  BEGIN,
  END,
  markdownTable,
  type RowResult,
  rowLine,
  withRows,
  withTable,
} from '../scripts/torture-table.ts';
import { ROOT } from './rig/files.ts';
import type { Row } from './rig/row.ts';
import { tryRow } from './rig/try-row.ts';

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

describe('a row', () => {
  const made = (run: Row['run'], more: { readonly fillsTime?: boolean } = {}) => ({ run, full: 3, ...more });
  const loop: Row['run'] = async ({ count, isOver }) => {
    let tried = 0;
    for (; tried < count && !isOver(); tried++);
    return { tried, seen: 'all well' };
  };

  it('that tried nothing has not held', async () => {
    const none = made(async () => ({ tried: 0, seen: '0 lost' }));
    await expect(tryRow(none, { count: 3, seed: 1 })).rejects.toThrow(
      'nothing was tried, so nothing has held; it says: 0 lost',
    );
    const odd = made(async () => ({ tried: Number.NaN, seen: '' }));
    await expect(tryRow(odd, { count: 3, seed: 1 })).rejects.toThrow('nothing was tried');
  });

  it('is tried once though its time is over when it begins, and says that it was cut', async () => {
    const late = { count: 3, seed: 1, isOver: () => true };
    expect(await tryRow(made(loop), late)).toEqual({ tried: 1, seen: 'all well', cut: true });
    expect(await tryRow(made(loop), { ...late, isOver: () => false })).toMatchObject({
      tried: 3,
      cut: false,
    });
  });

  it('that fills its time is not cut by the end of it once it did as much as a full one', async () => {
    let looks = 0;
    const isOver = (): boolean => ++looks >= 3;
    const all = { count: Number.POSITIVE_INFINITY, seed: 1, isOver };
    expect(await tryRow(made(loop, { fillsTime: true }), all)).toMatchObject({ tried: 3, cut: false });
  });
});

it('a torture in full tries the properties in full, too', () => {
  const files = propertyFiles(ROOT);
  expect(files).toContain('tests/variants/key-is-the-wire.test.ts');
  expect(files).toContain('tests/providers/openai-read.test.ts');
});

const ROW = { name: 'kill', how: 'kill -9', holds: 'all', full: 500, unit: 'kills', seconds: 61 };
const HELD: RowResult = { ...ROW, end: { kind: 'held', tried: 500, seen: '1 | 2', cut: false } };
const CUT: RowResult = { ...ROW, end: { kind: 'held', tried: 412, seen: 'some', cut: true } };

describe('the table of a torture', () => {
  it('tells a row that was cut from one that held in full', () => {
    expect(rowLine(HELD)).toBe('held: kill after 61 s: 500 kills: 1 | 2');
    expect(rowLine(CUT)).toBe('held so far, cut by time: kill after 61 s: 412 of 500 kills: some');
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
