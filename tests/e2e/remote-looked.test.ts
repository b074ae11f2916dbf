// Who only looks, or only judges, sees what others made as they do.
// @project e2e: a small disk is mounted
import { appendFileSync, cpSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { mountSmallDisk, noSmallDisk } from '../rig/small-disk.ts';
import { tempFolder } from '../rig/temp.ts';
import { NOISY, writeUntil } from '../rig/until-experiment.ts';

// biome-ignore lint/suspicious/noExplicitAny: documents are looked at piece by piece
type Any = any;

const json = async (cwd: string, ...args: string[]): Promise<Any> =>
  JSON.parse((await cli([...args, '--json'], { cwd })).stdout);

/** A checkout that ran, and others that have nothing but the remote. */
async function ranAt(): Promise<{ readonly folder: string; readonly ran: Any }> {
  const folder = tempFolder();
  writeUntil(path.join(folder, 'ann'), NOISY);
  appendFileSync(path.join(folder, 'ann/experiment.yaml'), `remote: file://${path.join(folder, 'share')}\n`);
  for (const name of ['ben', 'carl', 'dan', 'eve'])
    cpSync(path.join(folder, 'ann'), path.join(folder, name), { recursive: true });
  return { folder, ran: await json(path.join(folder, 'ann'), 'run') };
}

it('runs that others began are asked for by the very command that takes them', async () => {
  const { folder, ran } = await ranAt();
  const at = (name: string): string => path.join(folder, name);
  const cells = ran.executed;
  expect(cells).toBeGreaterThan(64);
  const [passed] = (await json(at('ann'), 'score')).rows;
  expect((await json(at('ben'), 'score')).rows[0]).toEqual(passed);
  expect((await json(at('carl'), 'plan')).until.questions).toEqual(ran.until.questions);
  await cli(['remote', 'pull'], { cwd: at('dan') });
  const runs = (name: string): readonly string[] =>
    readdirSync(path.join(at(name), 'artifacts/made/runs')).sort();
  expect(runs('dan')).toEqual(runs('ann'));
  expect(await json(at('eve'), 'run')).toMatchObject({ executed: 0, cached: cells, until: ran.until });
});

it.skipIf(noSmallDisk() !== null)('a plan is made where nothing can be written, too', async () => {
  const { folder } = await ranAt();
  using disk = mountSmallDisk(4_000);
  cpSync(path.join(folder, 'ben'), disk.folder, { recursive: true });
  disk.setReadOnly('read-only');
  for (const args of [['plan'], ['score', '--dry-run']]) {
    const { code, stderr } = await cli(args, { cwd: disk.folder });
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^warning: what others made is not here: could not make /),
    ]);
  }
});
