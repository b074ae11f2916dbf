// Two machines began an invocation of one number each, and their stores were united: what is printed of one means that one, and can
// be typed back.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openView, type View } from '../../src/project/view/open-view.ts';
import { inProcess } from '../rig/in-process.ts';
import { testWorld } from '../rig/world.ts';
import { folderOfFile, screen, writeSmall } from './view/rig.ts';

const folder = folderOfFile();
const here = path.join(folder, 'here');
/** Both are number 2; the first one is in the order of all. */
let twins: readonly [string, string];

async function said(...argv: readonly string[]): Promise<string> {
  const { code, out, err } = await inProcess(argv, { cwd: here });
  if (code === 2) throw new Error(err);
  return out;
}

beforeAll(async () => {
  const there = path.join(folder, 'there');
  writeSmall(here);
  await said('run');
  cpSync(here, there, { recursive: true });
  await said('run', '--force', '--variant', 'a');
  await inProcess(['run', '--force', '--variant', 'a'], { cwd: there });
  await said('merge', '../there');
  const { invocations } = JSON.parse(await said('log', '--json'));
  const names = invocations.map(({ invocation }: { invocation: string }) => invocation).sort();
  twins = names.slice(1).map((name: string) => `2-${name.split('-')[2]}`);
  expect(names.map((name: string) => name.slice(0, 5))).toEqual(['0001-', '0002-', '0002-']);
});

it('diff says which one it held against which, as diff takes them', async () => {
  const [first, second] = twins;
  const head = (text: string): string => text.split(': ')[0]!;
  expect(head(await said('diff'))).toBe(`${first} -> ${second}`);
  expect(head(await said('diff', first, second))).toBe(`${first} -> ${second}`);
  expect(head(await said('diff', '1', second))).toBe(`1 -> ${second}`);
  const { before, after } = JSON.parse(await said('diff', first, second, '--json'));
  expect([before, after]).toEqual([
    expect.stringMatching(/^0002-\d{8}T/),
    expect.stringMatching(/^0002-\d{8}T/),
  ]);
});

it('compare names arms by moments that --at takes', async () => {
  const [first, second] = twins;
  const compared = await said('compare', 'a', '--at', first, '--at', second, '--allow-incomplete');
  const shown = [...new Set(compared.match(/\b0002(?:-\w+)?/g))].sort();
  expect(shown).toEqual([`000${first}`, `000${second}`].sort());
  const again = await said(
    'compare',
    'a',
    '--at',
    shown[0]!,
    '--at',
    shown[1]!,
    '--allow-incomplete',
    '--json',
  );
  const names = JSON.parse(again).arms.map(({ name }: { name: string }) => name);
  expect(names).toEqual(shown.map((name) => `a at ${name}`));
});

it('log of one of them names the one before it so that diff takes it', async () => {
  const [first, second] = twins;
  const text = await said('log', second);
  expect(text).toContain(`Invocation ${second} (0002-`);
  expect(text).toContain(`npx expgraph diff ${first} ${second}`);
  expect(text).toContain(`the same as of ${first}`);
});

it('whoever names one that is not there is told of the last one as it can be typed', async () => {
  const { err } = await inProcess(['diff', '9'], { cwd: here });
  expect(err).toContain(`the last one is ${twins[1]};`);
  expect((await inProcess(['log', '9'], { cwd: here })).err).toContain(`there are 1 to ${twins[1]}`);
});

describe('the page', () => {
  let view: View;
  beforeAll(async () => {
    view = await openView(testWorld(here), { file: 'experiment.yaml' });
  });
  afterAll(() => view[Symbol.dispose]());

  it('lists each by a name of its own', async () => {
    const { invocations } = await screen(view, 'invocations');
    expect(invocations.map(({ called }) => called)).toEqual([...twins.toReversed(), undefined]);
  });

  it('says of a diff, of a draw and of the history of a cell which one it was', async () => {
    const [first, second] = twins;
    expect((await screen(view, 'diff', { a: first, b: second })).called).toEqual({ a: first, b: second });
    const { generations } = await screen(view, 'cell', { variant: 'a', scenario: 'pay:one', run: '1' });
    expect(generations.map(({ draw }) => draw.called)).toEqual([undefined, first, second]);
    const { total } = await screen(view, 'matrix', { since: second });
    expect(total).toBe(0);
  });
});
