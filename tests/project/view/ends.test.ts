// What a view leaves behind when it is over: nothing that keeps a process.
import path from 'node:path';
import { expect, it } from 'vitest';
import { openView } from '../../../src/project/view/open-view.ts';
import { editFile } from '../../rig/files.ts';
import { tempFolder } from '../../rig/temp.ts';
import { testWorld } from '../../rig/world.ts';
import { writeSmall } from './rig.ts';

// Of the whole worker: what a test before this one closes late is counted, too. A view that keeps one fails three times.
const watchers = (): number =>
  process.getActiveResourcesInfo().filter((name) => name === 'FSEventWrap').length;

it.each([
  ['at once', false],
  ['once the last of them was told of a save', true],
])('pages that come and go keep no file watched when a view is ended %s', { retry: 2 }, async (_, waits) => {
  const folder = tempFolder();
  writeSmall(folder);
  const before = watchers();
  const view = await openView(testWorld(folder), { file: 'experiment.yaml' });
  // A page that is loaded again: its stream ends and begins while the watching of files begins.
  for (let pages = 0; pages < 4; pages++) view.onChange(() => {})();
  const told: string[] = [];
  view.onChange((revision) => told.push(revision));
  for (let saves = 0; waits && saves < 3; saves++) {
    editFile(path.join(folder, 'scenarios.yaml'), (text) => `${text}- { id: s${saves}, input: more }\n`);
    await expect.poll(() => told.length, { timeout: 60_000 }).toBeGreaterThan(saves);
  }
  view[Symbol.dispose]();
  await expect.poll(watchers, { timeout: 10_000 }).toBe(before);
});
