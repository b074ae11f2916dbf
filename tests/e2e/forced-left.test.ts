// A --force that was broken off: what it left is known to plan, status and a plain run, and the same command goes on with it.
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

function experiment(): string {
  const cwd = tempFolder();
  writeFiles(cwd, {
    'experiment.yaml': `version: 1
name: small
provider: p
model: m
scenarios: [s.yaml]
providers: { p: { type: sim } }
variants: { one: { system: be one }, two: { system: be two } }
`,
    's.yaml': Array.from({ length: 3 }, (_, i) => `- { id: s${i}, input: "say s${i}" }\n`).join(''),
  });
  return cwd;
}

const LEFT =
  /note: 4 of 6 forced tasks of 0002-[\w-]+ were not drawn again: their older answers count\n {2}help: npx expgraph run --force --max-new 2 goes on with them\n/;
const GO_ON =
  /note: 2 of 6 forced tasks were drawn by 0002-[\w-]+ before it was broken off; the other 4 go on/;

it('plan, status and a plain run say what it left, plan --force and a dry run plan what is left', async () => {
  const cwd = experiment();
  expect((await cli(['run'], { cwd })).code).toBe(0);
  expect((await cli(['run', '--force', '--max-new', '2'], { cwd })).code).toBe(3);
  for (const command of ['plan', 'status', 'run'])
    expect((await cli([command], { cwd })).stderr, command).toMatch(LEFT);
  for (const args of [
    ['plan', '--force', '--json'],
    ['run', '--force', '--dry-run'],
  ]) {
    const { stderr } = await cli(args, { cwd });
    expect(stderr, args.join(' ')).toMatch(GO_ON);
  }
  const pending = async (...args: string[]): Promise<number> =>
    JSON.parse((await cli(['plan', ...args, '--json'], { cwd })).stdout).pending;
  expect([await pending(), await pending('--force'), await pending('--force', '--anew')]).toEqual([0, 4, 6]);
  expect((await cli(['plan', '--anew'], { cwd })).code).toBe(2);
});

it('nothing is said of it any more when it has come to its end, or when something else was drawn since', async () => {
  const cwd = experiment();
  expect((await cli(['run'], { cwd })).code).toBe(0);
  expect((await cli(['run', '--force', '--max-new', '2'], { cwd })).code).toBe(3);
  expect((await cli(['run', '--force'], { cwd })).code).toBe(0);
  expect((await cli(['status'], { cwd })).stderr).toBe('');
  expect((await cli(['run', '--force', '--max-new', '2'], { cwd })).code).toBe(3);
  expect((await cli(['run', '--force', '--variant', 'one'], { cwd })).code).toBe(0);
  expect((await cli(['status'], { cwd })).stderr).toBe('');
});

it('what was edited since is no older answer: a plain run draws it, and is told of the rest alone', async () => {
  const cwd = experiment();
  expect((await cli(['run'], { cwd })).code).toBe(0);
  expect((await cli(['run', '--force', '--max-new', '2'], { cwd })).code).toBe(3);
  editFile(path.join(cwd, 'experiment.yaml'), (text) => text.replace('be two', 'be another'));
  const { stderr } = await cli(['plan'], { cwd });
  const [, left, all] = /note: (\d) of (\d) forced tasks/.exec(stderr) ?? [];
  expect(Number(all), stderr).toBe(3);
  expect([1, 2, 3]).toContain(Number(left));
  editFile(path.join(cwd, 'experiment.yaml'), (text) => text.replace('be one', 'be one more'));
  expect((await cli(['plan'], { cwd })).stderr).not.toContain('forced');
});
