// What a record says of the commit that it was made from.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { provenance } from '../../src/project/open/provenance.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
    cwd: folder,
    encoding: 'utf8',
  }).trim();

const said = async (of = folder) => (await provenance(of)).git;

test('a commit is named, and dirty where something of this folder is not in it', async () => {
  expect(await said()).toBeNull();
  git('init', '--quiet');
  expect(await said()).toBeNull();
  git('commit', '--quiet', '--allow-empty', '--message', 'first');
  const commit = git('rev-parse', 'HEAD');
  expect(await said()).toEqual({ commit, dirty: false });
  mkdirSync(path.join(folder, 'inside'));
  writeFileSync(path.join(folder, '#notes'), 'new');
  expect(await said()).toEqual({ commit, dirty: true });
  expect(await said(path.join(folder, 'inside'))).toEqual({ commit, dirty: false });
});
