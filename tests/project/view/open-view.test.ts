// The viewer's data: what a page is given of an experiment, out of what is kept.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openView, type View } from '../../../src/project/view/open-view.ts';
import { testWorld } from '../../rig/world.ts';
import { folderOfFile, marksOf, run, screen, writeSmall } from './rig.ts';

const folder = folderOfFile();
let view: View;

beforeAll(async () => {
  writeSmall(folder);
  await run(folder);
  view = await openView(testWorld(folder), { file: 'experiment.yaml' });
});
afterAll(() => view[Symbol.dispose]());

it('an experiment is named with its arms, categories, tags and scorers', async () => {
  expect(await screen(view, 'experiment')).toEqual({
    name: 'small',
    description: null,
    variants: [
      { variant: 'a', provider: 'sim', model: 'sim-small' },
      { variant: 'b', provider: 'sim', model: 'sim-small' },
    ],
    scenarios: 4,
    runs: [1, 2],
    categories: ['pay', 'book'],
    tags: ['money', 'time'],
    scorers: ['contains'],
    simulated: true,
    revision: view.revision(),
    running: null,
    review: null,
  });
});

it('a matrix has a row a scenario, an arm a column, and a mark a run', async () => {
  expect(await marksOf(view)).toEqual([
    'pay:one passed passed | passed failed',
    'pay:two passed passed | passed passed',
    'book:one unjudged unjudged | unjudged unjudged',
    'down error error | error error',
  ]);
  const { columns, total, all, counts, groups, searched, revision } = await screen(view, 'matrix');
  expect(columns).toEqual([
    { variant: 'a', runs: [1, 2] },
    { variant: 'b', runs: [1, 2] },
  ]);
  expect([total, all, searched, revision]).toEqual([4, 4, 1, view.revision()]);
  expect(counts).toEqual({ passed: 7, failed: 1, unjudged: 4, error: 4, stale: 0, missing: 0 });
  expect(groups).toEqual([
    { category: 'pay', offset: 0, rows: 2 },
    { category: 'book', offset: 2, rows: 1 },
    { category: null, offset: 3, rows: 1 },
  ]);
});

it('equal answers of a row have one number, in the order of arms and runs', async () => {
  const { rows } = await screen(view, 'matrix');
  expect(rows.map(({ cells }) => cells.flatMap((runs) => runs.map(({ answer }) => answer)))).toEqual([
    [1, 1, 2, 3],
    [1, 1, 1, 1],
    [1, 1, 2, 2],
    [null, null, null, null],
  ]);
});
