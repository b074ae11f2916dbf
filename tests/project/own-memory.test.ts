// Flags of V8 are of a whole process: a run of the command line sets them, one that somebody's program asks for does not.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from '../rig/files.ts';

const MAIN = path.join(ROOT, 'tests/rig/memory-main.ts');
const said = (...args: readonly string[]): string =>
  execFileSync(process.execPath, ['--no-warnings', MAIN, ...args], { encoding: 'utf8' });

it('a process of its own is emptied before the first call', () => {
  expect(said('own')).toMatch(/^[1-9]\d* times/);
});

it('a program of somebody else collects when it likes', () => {
  expect(said()).toMatch(/^0 times/);
});
