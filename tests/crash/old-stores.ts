// Stores as released versions wrote them, kept in the repository for ever: each opens as on its first day.
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { RunSummary } from '../../src/core/summary.ts';
import type { PlanJson } from '../../src/report/json.ts';
import { filesBelow, ROOT, tail } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';

const STORES = path.join(ROOT, 'tests/stores');

export const row: Row = {
  name: 'old-stores',
  how: 'every store that a released version wrote (tests/stores/*) is opened by this one, twice: without an index and with the one that it made',
  holds:
    'a run draws nothing again but what expected.json names, and says why in one sentence; fsck is clean, the view keeps every record',
  full: 2,
  unit: 'openings of each store',
  missing: () =>
    names().length === 0 ? 'there is no store of an earlier version in tests/stores yet' : null,
  async run() {
    for (const name of names()) await openTwice(name);
    return { tried: 2, seen: `${names().join(', ')}: as expected, fsck clean` };
  },
};

function names(): readonly string[] {
  if (!existsSync(STORES)) return [];
  return readdirSync(STORES).filter((name) => existsSync(path.join(STORES, name, 'experiment.yaml')));
}

/** What a store's keys could not tell, and what this version says of it. A store without such a file draws nothing. */
type Expected = {
  /** `variant/scenario/run` of what is drawn again, or for the first time. */
  readonly drawn: readonly string[];
  /** In one sentence; null = nothing is to be said. */
  readonly said: string | null;
  readonly judged: string | null;
};

const NOTHING: Expected = { drawn: [], said: null, judged: null };

/** experiment.yaml and its scenarios as they are; store/ is what stood in artifacts/<name>. */
async function openTwice(name: string): Promise<void> {
  await withFolder(async (cwd) => {
    const from = path.join(STORES, name);
    cpSync(from, cwd, { recursive: true, filter: (file) => file !== path.join(from, 'store') });
    const experiment = /^name: *(\S+)/m.exec(readFileSync(path.join(cwd, 'experiment.yaml'), 'utf8'));
    const root = path.join(cwd, 'artifacts', experiment![1]!);
    cpSync(path.join(from, 'store'), root, { recursive: true });
    const expected = readExpected(from);
    const before = viewLines(root);
    // First without an index, then with the one that was made.
    for (const time of ['first', 'second']) {
      const what = `${name}, the ${time} time`;
      await planHolds({ cwd, expected, what });
      const { code, stdout, stderr } = await program(['run', '--json', '--offline'], { cwd });
      assert([0, 1].includes(code!), `${what}: ${tail(stderr)}`);
      const { executed, scope, cached, failed } = JSON.parse(stdout) as RunSummary;
      assert.equal(executed, 0, what);
      assert.equal(cached + failed, scope.tasks - expected.drawn.length, `${what}: tasks would run again`);
      assert.equal(stderr.includes('version 1'), expected.said !== null, `${what}: ${tail(stderr)}`);
      const fsck = await program(['fsck'], { cwd });
      assert.equal(fsck.code, 0, `${what}: ${tail(fsck.stdout)}`);
      if (expected.drawn.length === 0) assert.deepEqual(viewLines(root), before, `${what}: another view`);
      assert.deepEqual(recordsIn(viewLines(root)), recordsIn(before), `${what}: another view`);
    }
  });
}

function readExpected(from: string): Expected {
  const file = path.join(from, 'expected.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Expected) : NOTHING;
}

async function planHolds(of: {
  readonly cwd: string;
  readonly expected: Expected;
  readonly what: string;
}): Promise<void> {
  const { cwd, expected, what } = of;
  const json = await program(['plan', '--json'], { cwd });
  const { pending_tasks: tasks } = JSON.parse(json.stdout) as PlanJson;
  const drawn = tasks
    .filter(({ reason }) => reason.kind !== 'failed')
    .map(({ variant, scenario, run }) => `${variant}/${scenario}/${run}`);
  assert.deepEqual(drawn.sort(), expected.drawn, what);
  const { stdout } = await program(['plan'], { cwd });
  // A sentence is folded where the screen ends.
  const said = stdout
    .replaceAll('\n  ', ' ')
    .split('\n')
    .filter((line) => line.includes('version 1'));
  const wanted = [expected.said, expected.judged].filter((sentence) => sentence !== null);
  assert.deepEqual(said, wanted, what);
}

/** Of every draw in the view which record it is, whatever its standing. Scores of answers that count no more are not shown. */
function recordsIn(view: Record<string, string>): readonly string[] {
  const keys = Object.values(view).flatMap(
    (text) => text.match(/"type":"scenario_result","v":1,"key":"[0-9a-f]{64}"/g) ?? [],
  );
  return [...new Set(keys)].sort();
}

function viewLines(folder: string): Record<string, string> {
  const isView = (file: string): boolean => /(^|\/)runs\/[^/]+\.jsonl$/.test(file.split(path.sep).join('/'));
  return Object.fromEntries(
    filesBelow(folder)
      .filter(isView)
      .map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]),
  );
}
