// What the entry says by itself: the version, without a file of the program.
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ROOT } from '../rig/files.ts';
import { CLI } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

const run = promisify(execFile);
const { version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { version: string };

it.each(['--version', '-V'])('%s loads nothing: it is said where no program is', async (flag) => {
  const bare = tempFolder();
  cpSync(path.join(ROOT, 'bin'), path.join(bare, 'bin'), { recursive: true });
  cpSync(path.join(ROOT, 'package.json'), path.join(bare, 'package.json'));
  const entry = path.join(bare, 'bin/expgraph.js');
  expect(await run(process.execPath, [entry, flag])).toEqual({ stdout: `${version}\n`, stderr: '' });
  // Everything else asks for the program.
  await expect(run(process.execPath, [entry, flag, 'plan'])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^expgraph could not start: .*dist\/cli\/main\.js/),
  });
});

it('the version beside other words is told by the program, in the same words', async () => {
  const { stdout } = await run(process.execPath, [CLI, '--version', '--no-color']);
  expect(stdout).toBe(`${version}\n`);
});

it.each([
  ['20.19.5', 2],
  ['22.20.0', 2],
  ['22.21.0', 0],
  ['23.11.1', 2],
  ['24.4.1', 2],
  ['24.5.0', 0],
  ['26.0.0', 0],
])('Node %s is taken or refused in one sentence', async (node, code) => {
  const preload = path.join(tempFolder(), 'as-if.cjs');
  writeFileSync(
    preload,
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } });`,
  );
  const ended = await run(process.execPath, ['--require', preload, CLI, '--version']).catch(
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const said = `expgraph needs Node 22.21 or newer of 22, or 24.5 or newer; this is Node ${node}. Install it (for one project: npm i -D node@24) and try again.\n`;
  expect(ended).toMatchObject(
    code === 0 ? { stdout: `${version}\n`, stderr: '' } : { code, stdout: '', stderr: said },
  );
});
