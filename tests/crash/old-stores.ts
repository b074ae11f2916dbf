// Stores as released versions wrote them, kept in the repository for ever: each opens as on its first day.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../../src/core/summary.ts';
import { withFolder } from '../rig/folder.ts';
import { filesBelow, program, ROOT, tail } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';

const STORES = path.join(ROOT, 'tests/stores');

export const row: Row = {
  name: 'old-stores',
  how: 'every store that a released version wrote (tests/stores/*) is opened by this one, twice: without an index and with the one that it made',
  holds: 'a run executes nothing, fsck is clean, the view keeps every line',
  full: 2,
  unit: 'openings of each store',
  missing: () =>
    names().length === 0 ? 'there is no store of an earlier version in tests/stores yet' : null,
  async run() {
    for (const name of names()) await openTwice(name);
    return { tried: 2, seen: `${names().join(', ')}: 0 executed, fsck clean` };
  },
};

function names(): readonly string[] {
  if (!existsSync(STORES)) return [];
  return readdirSync(STORES).filter((name) => existsSync(path.join(STORES, name, 'experiment.yaml')));
}

/** experiment.yaml and its scenarios as they are; store/ is what stood in artifacts/<name>. */
async function openTwice(name: string): Promise<void> {
  await withFolder(async (cwd) => {
    const from = path.join(STORES, name);
    cpSync(from, cwd, { recursive: true, filter: (file) => file !== path.join(from, 'store') });
    const experiment = /^name: *(\S+)/m.exec(readFileSync(path.join(cwd, 'experiment.yaml'), 'utf8'));
    const root = path.join(cwd, 'artifacts', experiment![1]!);
    cpSync(path.join(from, 'store'), root, { recursive: true });
    const before = viewLines(root);
    // First without an index, then with the one that was made.
    for (const time of ['first', 'second']) {
      const what = `${name}, the ${time} time`;
      const { code, stdout, stderr } = await program(['run', '--json', '--offline'], { cwd });
      assert([0, 1].includes(code!), `${what}: ${tail(stderr)}`);
      const { executed, scope, cached, failed } = JSON.parse(stdout) as RunSummary;
      assert.equal(executed, 0, what);
      assert.equal(cached + failed, scope.tasks, `${what}: tasks would run again`);
      const fsck = await program(['fsck'], { cwd });
      assert.equal(fsck.code, 0, `${what}: ${tail(fsck.stdout)}`);
      assert.deepEqual(viewLines(root), before, `${what}: the view is another one`);
    }
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
