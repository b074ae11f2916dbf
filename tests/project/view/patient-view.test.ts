// A viewer that is started while the experiment is being written: it waits for the save that mends it.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openPatientView } from '../../../src/project/view/patient-view.ts';
import { editFile, writeFiles } from '../../rig/files.ts';
import { tempFolder } from '../../rig/temp.ts';
import { testWorld } from '../../rig/world.ts';
import { MANIFEST, marksOf, refusalOf, writeSmall } from './rig.ts';

const INPUT = { file: 'experiment.yaml' };

it('that finds mistakes tells them on every screen, and shows the experiment once they are mended', async () => {
  const folder = tempFolder();
  writeSmall(folder, MANIFEST.replace('runs: 2', 'runs: two'));
  const world = testWorld(folder);
  using view = await openPatientView(world, INPUT);
  const first = view.revision();
  for (const screen of ['experiment', 'matrix', 'plan'] as const) {
    const refusal = await refusalOf(view, screen);
    expect(refusal).toMatchObject({
      kind: 'broken',
      message: expect.stringMatching(/experiment\.yaml:3:7 error: "runs" must be a whole number/),
    });
  }
  expect(world.notices.filter(({ kind }) => kind === 'diagnostics')).toHaveLength(1);
  const told: string[] = [];
  view.onChange((revision) => told.push(revision));
  editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('runs: two', 'runs: 2'));
  await expect.poll(() => told.length, { timeout: 60_000 }).toBeGreaterThan(0);
  expect(told.at(-1)).toBe(view.revision());
  expect(view.revision()).not.toBe(first);
  expect(await marksOf(view)).toHaveLength(4);
  expect(world.notices.filter(({ kind }) => kind === 'diagnostics')).toHaveLength(1);
  // From then on it is told of what follows, as if nothing had been wrong.
  const before = told.length;
  editFile(path.join(folder, 'scenarios.yaml'), (text) => `${text}- { id: more, input: one more }\n`);
  await expect.poll(() => told.length, { timeout: 60_000 }).toBeGreaterThan(before);
  expect(await marksOf(view)).toHaveLength(5);
});

it('is asked again where nobody listens, and says what is wrong now', async () => {
  const folder = tempFolder();
  writeSmall(folder, MANIFEST.replace('runs: 2', 'runs: two'));
  using view = await openPatientView(testWorld(folder), INPUT);
  editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('provider: sim', 'provider: nobody'));
  await expect
    .poll(async () => (await refusalOf(view, 'matrix'))?.message, { timeout: 60_000 })
    .toContain('nobody');
  writeFiles(folder, { 'experiment.yaml': MANIFEST });
  await expect.poll(async () => refusalOf(view, 'matrix'), { timeout: 60_000 }).toBeNull();
});

it('waits for no manifest that is not there, and for no filter that means nothing', async () => {
  const folder = tempFolder();
  writeSmall(folder);
  await expect(openPatientView(testWorld(folder), { ...INPUT, variant: ['nobody'] })).rejects.toThrow(
    /nobody/,
  );
  rmSync(path.join(folder, 'experiment.yaml'));
  await expect(openPatientView(testWorld(folder), INPUT)).rejects.toThrow();
});
