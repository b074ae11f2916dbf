// What a view leaves behind when it is over: nothing that keeps a process.
import path from 'node:path';
import { expect, it } from 'vitest';
import { openView } from '../../../src/project/view/open-view.ts';
import { editFile } from '../../rig/files.ts';
import { tempFolder } from '../../rig/temp.ts';
import { watchedBelow } from '../../rig/watched-below.ts';
import { testWorld } from '../../rig/world.ts';
import { writeSmall } from './rig.ts';

it.each([
  ['at once', 0],
  ['once the last of them was told of saves', 3],
])('pages that come and go keep no file watched when a view is ended %s', async (_, saves) => {
  const folder = tempFolder();
  writeSmall(folder);
  const watched = watchedBelow(folder);
  const view = await openView(testWorld(folder), { file: 'experiment.yaml' });
  // A page that is loaded again: its stream ends and begins while the watching of files begins.
  for (let pages = 0; pages < 4; pages++) view.onChange(() => {})();
  const told: string[] = [];
  view.onChange((revision) => told.push(revision));
  // As soon as the first watching has begun, and once all have.
  await expect.poll(watched).not.toEqual([]);
  for (let save = 0; save < saves; save++) {
    editFile(path.join(folder, 'scenarios.yaml'), (text) => `${text}- { id: s${save}, input: more }\n`);
    await expect.poll(() => told.length).toBeGreaterThan(save);
  }
  view[Symbol.dispose]();
  await expect.poll(watched).toEqual([]);
});
