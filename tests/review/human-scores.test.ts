// What people said in closed reviews, as a metric of compare and as lines of the gate.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compare, openExperiment, run, score } from '../../src/project/index.ts';
import { comparisonJson } from '../../src/report/compare/comparison.ts';
import { dealReview, PROTOCOL } from '../rig/blind-review.ts';
import { inProcess } from '../rig/in-process.ts';
import { judged, preferred, type Said, writeJudged } from '../rig/judged-by-people.ts';
import { tempFolder } from '../rig/temp.ts';

/** Two readers: brief answers are good and acceptable, plain ones acceptable and poor, but for tools, which are all alike. */
function labels({ variant }: Said) {
  return {
    tool_selection: ['good', 'good'],
    naturalness: variant === 'brief' ? ['good', 'acceptable'] : ['acceptable', 'poor'],
  };
}

/** Drawn once: each test has a copy. */
let drawn = '';
beforeAll(async () => {
  drawn = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
  writeJudged(drawn);
  await run(await openExperiment(drawn)).result;
});
afterAll(() => rmSync(drawn, { recursive: true, force: true }));

function drawnFolder(more = ''): string {
  const folder = tempFolder();
  writeJudged(folder, more);
  cpSync(path.join(drawn, 'artifacts'), path.join(folder, 'artifacts'), { recursive: true });
  return folder;
}

async function judgedFolder(more = '', of: Parameters<typeof judged>[1] = { labels }): Promise<string> {
  const folder = drawnFolder(more);
  await judged(folder, of);
  return folder;
}

describe('compare --metric human.naturalness', () => {
  test('has scenarios as units: the mean over readers, then over runs, by category as well', async () => {
    const folder = await judgedFolder();
    const comparison = await compare(await openExperiment(folder), {
      metric: 'human.naturalness',
      by: 'category',
    });
    const { compared } = comparison;
    expect(compared).toMatchObject({ metric: 'score', scorers: ['human.naturalness'] });
    // (1 + 0.5) / 2 against (0.5 + 0) / 2.
    expect(compared.arms.map(({ name, summary }) => [name, summary?.mean, summary?.scenarios])).toEqual([
      ['plain', 0.25, 8],
      ['brief', 0.75, 8],
    ]);
    const [pair] = compared.pairs;
    expect(pair!.difference).toMatchObject({ tests: 1, comparison: { difference: 0.5 } });
    // Eight scenarios, all of one sign: 2 of 2^8 flips are as extreme.
    expect(pair!.difference!.comparison.permutation).toMatchObject({ p: 2 / 256, isExact: true });
    expect(pair!.groups.map(({ name, difference }) => [name, difference!.comparison.difference])).toEqual([
      ['easy', 0.5],
      ['hard', 0.5],
    ]);
  });

  test('is `human.pass` where it is asked whether people would let it pass', async () => {
    const folder = await judgedFolder();
    const { compared } = await compare(await openExperiment(folder), { metric: 'human.pass' });
    expect(compared.metric).toBe('pass');
    expect(compared.arms.map(({ summary }) => summary?.mean)).toEqual([0, 1]);
  });

  test('as `human` is every dimension, each p corrected for all of them', async () => {
    const folder = await judgedFolder();
    const all = await compare(await openExperiment(folder), { metric: 'human' });
    const each = [all, ...all.beside!];
    expect(each.map(({ compared }) => compared.scorers)).toEqual([
      ['human.tool_selection'],
      ['human.naturalness'],
    ]);
    expect(each.map(({ compared }) => compared.pairs[0]!.difference!.tests)).toEqual([2, 2]);
    expect(each.map(({ compared }) => compared.pairs[0]!.difference!.adjustedP)).toEqual([1, 4 / 256]);
    expect(comparisonJson(all)).toMatchObject({ metric: 'human', dimensions: [{ metric: 'score' }, {}] });
    const { out, err, code } = await inProcess(['compare', '--metric', 'human'], { cwd: folder });
    expect(code, err).toBe(0);
    expect(out).toContain('by human.tool_selection');
    expect(out).toContain('by human.naturalness');
  });

  test('refuses answers that nobody read, and says how they are dealt', async () => {
    const folder = await judgedFolder('', {
      labels: (cell) => (cell.scenario === 's7' && cell.variant === 'brief' ? null : labels(cell)),
    });
    const { code, out, err } = await inProcess(['compare', '--metric', 'human.naturalness'], { cwd: folder });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('brief is incomplete: of 16 cells 2 not scored');
    expect(err).toContain('review start --unread');
    const some = await inProcess(['compare', '--metric', 'human.naturalness', '--category', 'easy'], {
      cwd: folder,
    });
    expect(some.code, some.err).toBe(0);
  });

  test('says so where no review is closed, and where there is no such dimension', async () => {
    const folder = drawnFolder();
    const none = await inProcess(['compare', '--metric', 'human.naturalness'], { cwd: folder });
    expect(none).toMatchObject({ code: 2, err: expect.stringContaining('no review is closed yet') });
    await judged(folder, { labels });
    const typo = await inProcess(['compare', '--metric', 'human.natural'], { cwd: folder });
    expect(typo).toMatchObject({ code: 2, err: expect.stringContaining('human.naturalness') });
  });
});

describe('what people said', () => {
  test('is in no mean of other scorers', async () => {
    const folder = await judgedFolder();
    const { compared } = await compare(await openExperiment(folder));
    expect(compared.scorers).toEqual(['words']);
    // `words` passes scenarios 0 to 3, whatever people say.
    expect(compared.arms.map(({ summary }) => summary?.mean)).toEqual([0.5, 0.5]);
  });

  test('of two rubrics is never mixed: the newest counts, the other is named, and so is an edit since', async () => {
    const more = `review:
  dimensions: { naturalness: Does it sound like a person? }
  labels:
    good: { value: 3, anchor: Nothing to change. }
    poor: { value: 1, anchor: Not to be shown. }
  pass: no poor
`;
    const folder = await judgedFolder(more);
    const [, naturalness] = PROTOCOL.dimensions;
    await judged(folder, {
      id: 'r002',
      closedAt: '2026-11-03T09:00:00.000Z',
      protocol: { ...PROTOCOL, dimensions: [{ ...naturalness!, question: 'Would a person say it?' }] },
      labels: () => ({ naturalness: ['good'] }),
    });
    const { out, err, code } = await inProcess(['compare', '--metric', 'human.naturalness'], { cwd: folder });
    expect(code, err).toBe(0);
    expect(out).toMatch(/plain .* 1\.000/);
    expect(err).toContain(
      'human scores are those of r002: r001 had another rubric, and is not mixed with them',
    );
    expect(err).toContain('"review:" of the manifest was edited since r002 was closed');
  });

  test('is asked of scorers by name: score asks nobody', async () => {
    const folder = await judgedFolder();
    const asked = score(await openExperiment(folder), { scorers: ['human.pass'] }).result;
    await expect(asked).rejects.toThrow(/people say|review/);
  });
});

describe('a gate about people', () => {
  const GATE = (line: string): string => `gate: { ${line} }\n`;
  test.each([
    ['human.pass: ">= 0.5"', 0],
    ['variants.plain.human.pass: ">= 0.5"', 6],
    ['human.naturalness: ">= 0.4"', 0],
    ['variants.brief.human.naturalness: "better than plain by 0.4"', 0],
    ['categories.easy.human.naturalness: ">= 0.9"', 6],
  ])('%s', async (line, code) => {
    const folder = await judgedFolder(GATE(line));
    const said = await inProcess(['run'], { cwd: folder });
    expect(said.code, said.out + said.err).toBe(code);
  });

  test('counts answers that are unread after some were drawn again, and says how they are dealt', async () => {
    const folder = await judgedFolder(GATE('human.pass: ">= 0.5"'), {
      labels: (cell) => (cell.scenario === 's1' ? null : labels(cell)),
    });
    const said = await inProcess(['run'], { cwd: folder });
    expect(said.code).toBe(1);
    expect(said.out).toContain('of 32 cells 4 not judged');
    expect(said.out).toContain('npx expgraph review start --unread');
  });

  test('names no dimension that the manifest does not ask about', async () => {
    const folder = tempFolder();
    writeJudged(
      folder,
      `${GATE('human.natural: ">= 0.5"')}review: { dimensions: { naturalness: "Is it?" } }\n`,
    );
    const said = await inProcess(['plan'], { cwd: folder });
    expect(said.code).toBe(2);
    expect(said.err).toContain('naturalness');
  });
});

describe('pairs that people judged', () => {
  test('are held against the first arm: each pair once, ties as halves, corrected over dimensions', async () => {
    const folder = drawnFolder();
    await judged(folder, { labels: () => null });
    const review = dealReview(path.join(folder, 'artifacts/judged'), {
      id: 'r002',
      protocol: { ...PROTOCOL, mode: 'pair' },
    });
    review.close({
      closed_at: '2026-11-04T09:00:00.000Z',
      preferences: preferred((scenario, run) =>
        scenario === 's0' ? 'tie' : run === 1 || scenario < 's6' ? 'brief' : 'plain',
      ),
    });
    const { preferences, onlyPairs } = await compare(await openExperiment(folder), {
      metric: 'human.naturalness',
    });
    expect(onlyPairs).toBe(true);
    expect(preferences).toMatchObject([
      {
        scorer: 'human.naturalness',
        against: 'plain',
        variant: 'brief',
        ...{ pairs: 16, wins: 12, losses: 2, ties: 2, scenarios: 8 },
        // (0.5 + 5 x 1 + 2 x 0.5) / 8
        found: { rate: 0.8125 },
      },
    ]);
    const { out, code, err } = await inProcess(['compare', '--metric', 'human'], { cwd: folder });
    expect(code, err).toBe(0);
    expect(out).toContain('81 %');
  });
});

test('a closed review that cannot be read is no number without it: exit 4, and who says more', async () => {
  const folder = await judgedFolder();
  const closed = path.join(folder, 'artifacts/judged/reviews/r001/closed.json');
  const whole = readFileSync(closed, 'utf8');
  for (const text of [
    whole.slice(0, -9),
    whole.replace('"v":1', '"v":2'),
    whole.replace('"score":', '"core":'),
    '[]',
  ]) {
    writeFileSync(closed, text);
    const { code, err } = await inProcess(['compare', '--metric', 'human.naturalness'], { cwd: folder });
    expect([code, err]).toEqual([4, expect.stringContaining('closed.json of review r001 is')]);
  }
});

test('show, history, status and export tell what people said, and JUnit asks nobody', async () => {
  const folder = await judgedFolder('', {
    labels: (cell) => (cell.scenario === 's7' ? null : labels(cell)),
  });
  const told = async (...argv: readonly string[]): Promise<string> => {
    const { code, out, err } = await inProcess(argv, { cwd: folder });
    expect(code, err).toBe(0);
    return out;
  };
  expect(await told('show', 'brief/s0/1')).toMatch(
    /people[^\n]*\nhuman.tool_selection: 1 \(reader 1 good, reader 2 good\)\nhuman.naturalness: 0.75 \(reader 1 good, reader 2 acceptable\)/,
  );
  expect(await told('show', 'brief/s7/1')).not.toContain('human.');
  const shown = JSON.parse(await told('show', '--scenario', 's0', '--json')) as readonly object[];
  expect(shown[0]).toMatchObject({
    human: [{ dimension: 'tool_selection', score: 1 }, {}, { dimension: 'pass' }],
  });
  expect(await told('history', 'plain/s0/1')).toContain('people: not passed');
  expect(JSON.parse(await told('history', 'plain/s0/1', '--json'))).toMatchObject({
    records: [{ human: { naturalness: 0.25, pass: 0 } }],
  });
  expect((await told('status')).replace(/\s+/g, ' ')).toContain(
    'People: 28 of 32 answers read (r001): 14 passed; npx expgraph review start --unread deals the other 4.',
  );
  const rows = (await told('export'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(
    rows.find(
      (row) => 'variant' in row && row.variant === 'brief' && 'scenario' in row && row.scenario === 's0',
    ),
  ).toMatchObject({ 'score_human.naturalness': 0.75, 'passed_human.pass': true });
  expect(await told('export', '--format', 'csv')).toContain('score_human.pass');
  await told('export', '--format', 'inspect', '-o', 'logs');
  expect(await told('export', '--format', 'junit')).not.toContain('human.');
});
