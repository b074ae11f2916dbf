// What a run of a cell comes to in states that are rarer: nothing drawn, imported, archived, never judged, failed to be judged; and what a
// blind review and filters leave of a viewer.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openView, type ViewInput } from '../../../src/project/view/open-view.ts';
import { dealReview } from '../../rig/blind-review.ts';
import { editFile, jsonLines, writeFiles } from '../../rig/files.ts';
import { inProcess } from '../../rig/in-process.ts';
import { tempFolder } from '../../rig/temp.ts';
import { testWorld } from '../../rig/world.ts';
import { edit, MANIFEST, marksOf, refusalOf, run, screen, writeSmall } from './rig.ts';

async function ran(): Promise<string> {
  const folder = tempFolder();
  writeSmall(folder);
  await run(folder);
  return folder;
}

const open = (folder: string, more: Partial<ViewInput> = {}): ReturnType<typeof openView> =>
  openView(testWorld(folder), { file: 'experiment.yaml', ...more });

it('what was never drawn is missing, and its arms are told what the manifest says', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  using view = await open(folder);
  const { counts, revision } = await screen(view, 'matrix');
  expect(counts).toEqual({ passed: 0, failed: 0, unjudged: 0, error: 0, stale: 0, missing: 16 });
  expect(revision).toBe(view.revision());
  const { arms, input } = await screen(view, 'scenario', { scenario: 'book:one' });
  expect(arms.map(({ system, runs }) => [system, runs.map(({ mark, record }) => [mark, record])])).toEqual([
    [
      'be short',
      [
        ['missing', null],
        ['missing', null],
      ],
    ],
    [
      'be long',
      [
        ['missing', null],
        ['missing', null],
      ],
    ],
  ]);
  expect(input).toEqual([{ role: 'user', content: 'book the dentist' }]);
  expect(await screen(view, 'experiment')).toMatchObject({ simulated: false, running: null });
  expect((await screen(view, 'cell', { variant: 'a', scenario: 'down', run: '2' })).generations).toEqual([]);
  expect((await screen(view, 'invocations')).invocations).toEqual([]);
  expect(await refusalOf(view, 'diff')).toMatchObject({ kind: 'not-found' });
});

it('what was imported stands for what is not drawn, and has a place of its own where nobody asks for it', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  const line = (variant: string, scenario: string, text: string): string =>
    `${JSON.stringify({ variant, scenario, run: 1, input: 'asked', output: text })}\n`;
  writeFiles(folder, {
    'old.jsonl':
      line('a', 'pay:one', 'yes, as ever') + line('old', 'pay:one', 'no') + line('old', 'gone', 'x'),
  });
  const imported = await inProcess(['import', 'old.jsonl'], { cwd: folder });
  expect([imported.code, imported.err]).toEqual([0, expect.anything()]);
  await inProcess(['score'], { cwd: folder });
  using view = await open(folder);
  const { columns } = await screen(view, 'matrix');
  expect(columns.map(({ variant, runs }) => [variant, runs])).toEqual([
    ['a', [1, 2]],
    ['b', [1, 2]],
    ['old', [1]],
  ]);
  expect(await marksOf(view, { q: 'id:pay:one,gone' })).toEqual([
    'pay:one passed missing | missing missing | failed',
    'gone  |  | unjudged',
  ]);
  const { variants } = await screen(view, 'experiment');
  expect(variants.at(-1)).toEqual({ variant: 'old', provider: 'imported', model: null });
  const { arms } = await screen(view, 'scenario', { scenario: 'pay:one' });
  expect(arms.map(({ runs }) => runs[0]?.text ?? null)).toEqual(['yes, as ever', null, 'no']);
});

it('what gc moved to an archive is told in the history of its cell, without its answer', async () => {
  const folder = await ran();
  await run(folder, '--force', '--scenario', 'pay:two', '--variant', 'a');
  await inProcess(['gc', '--yes', '--keep', '1'], { cwd: folder });
  using view = await open(folder);
  const { generations } = await screen(view, 'cell', { variant: 'a', scenario: 'pay:two', run: '1' });
  expect(generations.map(({ standing, draw }) => [standing, draw.text, draw.answer])).toEqual([
    ['archived', null, 1],
    ['current', 'Yes, by card', 1],
  ]);
  expect((await marksOf(view, { q: 'id:pay:two' }))[0]).toBe('pay:two passed passed | passed passed');
});

it('answers that no scorer has spoken of yet say so, and what a scorer said of others does not count for them', async () => {
  const folder = await ran();
  editFile(path.join(folder, 'experiment.yaml'), (text) =>
    text.replace('[contains]', '[contains, { exact: No. }]'),
  );
  using view = await open(folder);
  expect((await marksOf(view))[0]).toBe('pay:one unjudged unjudged | unjudged unjudged');
  const { arms } = await screen(view, 'scenario', { scenario: 'pay:one' });
  expect(arms[0]!.runs[0]!.scores.map(({ scorer, passed, missing }) => [scorer, passed, missing])).toEqual([
    ['contains', true, null],
    ['exact', null, 'not judged yet: npx expgraph score does it'],
  ]);
});

it('filters leave arms, runs and scenarios that they name; those that ask what became of cells whole scenarios', async () => {
  const folder = await ran();
  using named = await open(folder, { variant: ['b'], category: ['pay'], runs: ['2'] });
  expect(await marksOf(named)).toEqual(['pay:one failed', 'pay:two passed']);
  expect(await screen(named, 'experiment')).toMatchObject({ scenarios: 2, runs: [2], categories: ['pay'] });
  expect(await refusalOf(named, 'scenario', { scenario: 'down' })).toMatchObject({ kind: 'not-found' });
  using notPassed = await open(folder, { notPassed: true });
  expect(await marksOf(notPassed)).toEqual([
    'pay:one passed passed | passed failed',
    'down error error | error error',
  ]);
  await expect(open(folder, { scenario: ['nowhere'] })).rejects.toThrow('no scenario matches "nowhere"');
});

it('while a blind review is open only the frame and the review are shown, and --unblind is written down', async () => {
  const folder = await ran();
  const review = dealReview(path.join(folder, 'artifacts/small'));
  const numbers = [
    'matrix',
    'scenario',
    'cell',
    'invocations',
    'diff',
    'plan',
    'compare',
    'timeline',
  ] as const;
  {
    using view = await open(folder);
    for (const name of numbers) {
      const refusal = await refusalOf(view, name, { scenario: 'pay:one' });
      expect([name, refusal?.kind]).toEqual([name, 'withheld']);
      expect(refusal!.message).toContain('a blind review is open (r001');
    }
    expect(await screen(view, 'experiment')).toMatchObject({ review: { id: 'r001', isUnblinded: false } });
    expect((await refusalOf(view, 'review', { reviewer: 'anna' }))?.kind ?? 'given').not.toBe('withheld');
    expect(review.breaches()).toEqual([]);
  }
  using unblinded = await open(folder, { unblind: true });
  expect((await screen(unblinded, 'matrix')).total).toBe(4);
  expect((await screen(unblinded, 'matrix')).total).toBe(4);
  expect(await screen(unblinded, 'experiment')).toMatchObject({ review: { id: 'r001', isUnblinded: true } });
  expect(review.breaches().map(({ kind, what }) => [kind, what])).toEqual([['unblind', 'openView']]);
});

it('a review that opens while somebody looks withholds from then on, and closing it shows again', async () => {
  const folder = await ran();
  using view = await open(folder);
  expect((await screen(view, 'plan')).tasks).toBe(16);
  const review = dealReview(path.join(folder, 'artifacts/small'));
  // It was worked out before, and is not shown all the same.
  expect(await refusalOf(view, 'plan')).toMatchObject({ kind: 'withheld' });
  review.close({});
  expect((await screen(view, 'plan')).tasks).toBe(16);
});

it('a manifest with mistakes is a refusal that says where they are, until it is mended', async () => {
  const folder = await ran();
  using view = await open(folder);
  const changed = listenOnce(view);
  expect((await screen(view, 'matrix')).total).toBe(4);
  edit(folder, 'experiment.yaml', ['runs: 2', 'runs: many']);
  await changed();
  const refusal = await refusalOf(view, 'matrix');
  expect(refusal?.kind).toBe('broken');
  expect(refusal!.message).toMatch(/^experiment\.yaml:3:7 error: .*\n/);
  expect(await refusalOf(view, 'experiment')).toMatchObject({ kind: 'broken' });
  edit(folder, 'experiment.yaml', ['runs: many', 'runs: 1']);
  await changed();
  expect((await screen(view, 'experiment')).runs).toEqual([1]);
  expect(MANIFEST).toContain('runs: 2');
});

it('what people said in a review that is closed stands beside what scorers say, and what cannot be read says so', async () => {
  const folder = await ran();
  const file = path.join(folder, 'artifacts/small/runs/b_run2.jsonl');
  const record = jsonLines(file).find(({ scenario }) => scenario === 'pay:one') as { output_digest?: string };
  const labels = [
    { reviewer: 'anna', label: 'poor' },
    { reviewer: 'ben', label: 'acceptable' },
  ];
  const said = { score: 0.25, passed: null, labels, adjudicated: false, notes: ['curt'] };
  const review = dealReview(path.join(folder, 'artifacts/small'));
  review.close({
    scores: [{ scenario: 'pay:one', answer: record.output_digest!, dimension: 'naturalness', ...said }],
  });
  using view = await open(folder);
  const scoresOf = async (): Promise<unknown> =>
    (await screen(view, 'scenario', { scenario: 'pay:one' })).arms[1]!.runs.map(({ scores }) =>
      scores.map(({ scorer, score, reason, missing }) => [scorer, score, missing ?? reason]),
    );
  expect(await scoresOf()).toEqual([
    [['contains', 1, expect.anything()]],
    [
      ['contains', 0, expect.anything()],
      ['human.naturalness', 0.25, 'anna: poor, ben: acceptable\ncurt'],
    ],
  ]);
  writeFileSync(path.join(review.folder, 'closed.json'), '{');
  const unread = ['human', null, expect.stringContaining('closed.json of review r001')];
  expect(await scoresOf()).toEqual([
    [['contains', 1, expect.anything()], unread],
    [['contains', 0, expect.anything()], unread],
  ]);
});

/** @returns what resolves with each further change, one at a time */
function listenOnce(view: Awaited<ReturnType<typeof openView>>): () => Promise<string> {
  let tell: (revision: string) => void = () => {};
  view.onChange((revision) => tell(revision));
  return () =>
    new Promise((resolve) => {
      tell = resolve;
    });
}
