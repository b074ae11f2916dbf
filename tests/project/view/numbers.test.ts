// The screens `compare` and `timeline` of an experiment: what may be asked in an address, and what is refused.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openView, type View } from '../../../src/project/view/open-view.ts';
import { toldIn } from '../../../src/report/plot/plot.ts';
import { testWorld } from '../../rig/world.ts';
import { folderOfFile, refusalOf, run, screen, writeSmall } from './rig.ts';

const folder = folderOfFile();
let view: View;

beforeAll(async () => {
  writeSmall(folder);
  await run(folder);
  view = await openView(testWorld(folder), { file: 'experiment.yaml' });
}, 60_000);
afterAll(() => view[Symbol.dispose]());

describe('compare', () => {
  it('has words, tables and plots of the metric that is asked for, and says what else may be', async () => {
    const { metric, text, blocks, plots, refused, choices } = await screen(view, 'compare', {
      by: 'category',
      incomplete: 'allow',
    });
    expect([metric, refused]).toEqual(['score', null]);
    expect(text).toContain('What this says');
    expect(blocks.map(({ kind }) => kind)).toContain('table');
    expect(plots.map(({ id }) => id)).toEqual(
      expect.arrayContaining(['arms', 'differences', 'pass-k', 'cost']),
    );
    expect(choices).toMatchObject({
      variants: ['a', 'b'],
      metrics: ['score', 'pass', 'tokens', 'latency', 'cost'],
      groups: expect.arrayContaining(['category']),
    });
  });

  it('says of every mark of a plot what it is, and has the same as a table', async () => {
    const { plots } = await screen(view, 'compare', { metric: 'tokens' });
    for (const { figure, words, columns, rows } of plots) {
      expect(toldIn(figure).every((told) => told.words !== '')).toBe(true);
      expect(words).not.toBe('');
      expect(rows.every((row) => row.kind === 'cells' && row.cells.length === columns.length)).toBe(true);
    }
  });

  it('refuses what it does not know, in words', async () => {
    expect(await refusalOf(view, 'compare', { metric: 'beauty' })).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('no metric "beauty"'),
    });
    expect(await refusalOf(view, 'compare', { by: 'colour' })).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('category or tag'),
    });
    expect(await refusalOf(view, 'compare', { variant: 'nobody' })).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('no variant matches "nobody"'),
    });
    expect(await refusalOf(view, 'compare', { cluster: 'vars.nothing' })).toMatchObject({
      kind: 'bad-request',
    });
    expect(await refusalOf(view, 'compare', { metric: 'human.kindness' })).toMatchObject({
      kind: 'bad-request',
      message: expect.stringContaining('no review is closed'),
    });
  });
});

describe('timeline', () => {
  it('is the newest invocation, or the one that is named by its number', async () => {
    const newest = await screen(view, 'timeline', {});
    expect(newest).toEqual(await screen(view, 'timeline', { invocation: '1' }));
    expect(newest.lanes.map(({ lane, totals }) => [lane, totals.attempts])).toEqual([
      ['sim', newest.lanes[0]!.attempts.length],
    ]);
    expect(newest.invocations).toEqual([newest.invocation]);
    expect(newest.left).toBe(0);
  });

  it('says which there is where there is no such one', async () => {
    expect(await refusalOf(view, 'timeline', { invocation: '17' })).toMatchObject({
      kind: 'not-found',
      message: expect.stringContaining('the newest is 0001-'),
    });
  });
});

it('what is missing is told in the place of numbers, until it is asked for what is there', async () => {
  const { refused, text, plots } = await screen(view, 'compare', { metric: 'cost' });
  expect(refused).toEqual({ isIncomplete: true, isMixed: false });
  expect(text).toContain('Not compared:');
  expect(plots).toEqual([]);
  const allowed = await screen(view, 'compare', { incomplete: 'allow', metric: 'cost' });
  expect(allowed.refused).toBe(null);
  expect(allowed.text).toContain('Marked numbers');
});
