// Stores as released versions wrote them, kept in the repository for ever: each opens as on its first day.
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../../src/core/summary.ts';
import { withFolder } from '../rig/folder.ts';
import { filesBelow, program, ROOT, tail } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';

const STORES = path.join(ROOT, 'tests/stores');

export const row: Row = {
  name: 'old-stores',
  how: 'every store that a released version wrote (tests/stores/*) is opened by this one, with and without its index',
  holds: 'a run executes nothing, fsck is clean, the view keeps every line',
  full: 2,
  unit: 'openings of each store',
  missing: () =>
    names().length === 0 ? 'there is no store of an earlier version in tests/stores yet' : null,
  async run() {
    for (const name of names()) for (const index of ['kept', 'deleted'] as const) await open({ name, index });
    return { tried: 2, seen: `${names().join(', ')}: 0 executed, fsck clean` };
  },
};

function names(): readonly string[] {
  if (!existsSync(STORES)) return [];
  return readdirSync(STORES).filter((name) => existsSync(path.join(STORES, name, 'experiment.yaml')));
}

async function open(at: { readonly name: string; readonly index: 'kept' | 'deleted' }): Promise<void> {
  await withFolder(async (cwd) => {
    const isIndex = (file: string): boolean => /index\.db(-wal|-shm)?$/.test(file);
    cpSync(path.join(STORES, at.name), cwd, {
      recursive: true,
      filter: (file) => at.index === 'kept' || !isIndex(file),
    });
    // Kept in the repository as store/: artifacts/ is never committed.
    const experiment = /^name: (\S+)$/m.exec(readFileSync(path.join(cwd, 'experiment.yaml'), 'utf8'))![1]!;
    mkdirSync(path.join(cwd, 'artifacts'));
    renameSync(path.join(cwd, 'store'), path.join(cwd, 'artifacts', experiment));
    const before = viewLines(cwd);
    assert.notDeepEqual(before, {}, `${at.name} has no view`);
    const { code, stdout, stderr } = await program(['run', '--json', '--offline'], { cwd });
    assert([0, 1].includes(code!), `${at.name}: ${tail(stderr)}`);
    const { executed, scope, cached, failed } = JSON.parse(stdout) as RunSummary;
    assert.equal(executed, 0, at.name);
    assert.equal(cached + failed, scope.tasks, `${at.name}: tasks would run again`);
    const fsck = await program(['fsck'], { cwd });
    assert.equal(fsck.code, 0, `${at.name}: ${tail(fsck.stdout)}`);
    assert.deepEqual(viewLines(cwd), before, `${at.name}: the view is another one`);
  });
}

function viewLines(folder: string): Record<string, string> {
  const isView = (file: string): boolean => /(^|\/)runs\/[^/]+\.jsonl$/.test(file.split(path.sep).join('/'));
  return Object.fromEntries(
    filesBelow(folder)
      .filter(isView)
      .map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]),
  );
}
