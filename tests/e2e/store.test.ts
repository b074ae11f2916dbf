// The store as a user tends it: gc, fsck --repair, --wait, and formats older and newer than this expgraph.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { takeLock } from '../../src/cache/disk/lock.ts';
import { mendModes } from '../../src/cache/fsck/fsck-modes.ts';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli, sample } from '../rig/cli.ts';
import { editFile, filesBelow, jsonLines, ROOT } from '../rig/files.ts';
import { program } from '../rig/program.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

const HOLDER = { pid: 4242, host: 'here', command: 'expgraph run', since: '2026-01-02T03:04:05.000Z' };

/** The kept store of format 1 with its experiment, as a user has them. */
function keptStore(): { readonly folder: string; readonly root: string } {
  const folder = tempFolder();
  const from = path.join(ROOT, 'tests/stores/v1');
  for (const name of ['experiment.yaml', 'scenarios']) {
    cpSync(path.join(from, name), path.join(folder, name), { recursive: true });
  }
  const root = path.join(folder, 'artifacts/kept');
  mkdirSync(path.dirname(root), { recursive: true });
  cpSync(path.join(from, 'store'), root, { recursive: true });
  // A checkout has the modes of whoever made it: what fsck says of these has tests of its own.
  mendModes(root);
  return { folder, root };
}

const textsBelow = (folder: string): ReadonlyMap<string, string> =>
  new Map(filesBelow(folder).map((file) => [file, readFileSync(path.join(folder, file), 'latin1')]));

async function untilSays(
  of: { readonly child: { readonly stderr: NodeJS.ReadableStream | null } },
  word: string,
): Promise<void> {
  let said = '';
  for await (const text of of.child.stderr!) {
    said += String(text);
    if (said.includes(word)) return;
  }
  throw new Error(`it never said ${word}: ${said}`);
}

it('reads a store of format 1 for ever: nothing runs again, nothing is damaged, the view stays', async () => {
  const { folder, root } = keptStore();
  const [history, view] = [textsBelow(path.join(root, 'history')), textsBelow(path.join(root, 'runs'))];
  const plan = JSON.parse((await cli(['plan', '--json'], { cwd: folder })).stdout);
  expect([plan.tasks, plan.pending, plan.cached]).toEqual([4, 0, 4]);
  const run = await cli(['run', '--json'], { cwd: folder });
  expect([run.code, (JSON.parse(run.stdout) as RunSummary).executed]).toEqual([0, 0]);
  expect(await cli(['fsck'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: 'fsck: clean: 8 records and 13 parts in 8 history files\n',
  });
  expect(textsBelow(path.join(root, 'history'))).toEqual(history);
  expect(textsBelow(path.join(root, 'runs'))).toEqual(view);
  expect(readFileSync(path.join(root, 'VERSION'), 'utf8')).toBe('1\n');
});

it.each([
  ['run'],
  ['plan'],
  ['status'],
  ['history'],
  ['show', 'plain/words:tree/1'],
  ['diff', '1', '2'],
  ['fsck'],
  ['fsck', '--repair'],
  ['gc'],
  ['gc', '--yes'],
  ['gc', '--restore', '1'],
  ['reindex'],
])('%s refuses a store of a newer format in one sentence and touches nothing', async (...args) => {
  const { folder, root } = keptStore();
  writeFileSync(path.join(root, 'VERSION'), '3\n');
  const before = textsBelow(root);
  const { code, stdout, stderr } = await cli(args, { cwd: folder });
  expect([code, stdout]).toEqual([4, '']);
  expect(stderr.split('\n')[0]).toMatch(/has format 3 and this expgraph reads up to 2: update expgraph$/);
  expect(textsBelow(root)).toEqual(before);
});

it('gc only shows what would go, until it is told --yes; then history, show and diff say archived', async () => {
  const { folder, root } = keptStore();
  const history = textsBelow(path.join(root, 'history'));
  const view = textsBelow(path.join(root, 'runs'));
  const dry = await cli(['gc'], { cwd: folder });
  expect(dry.code).toBe(0);
  expect(dry.stdout).toContain('4 records (5.1 kB) would go into an archive; 4 records (6.2 kB) stay.');
  expect(dry.stdout).toContain('Nothing was done; npx expgraph gc --yes does it.');
  expect(textsBelow(path.join(root, 'history'))).toEqual(history);
  const done = JSON.parse((await cli(['gc', '--yes', '--json'], { cwd: folder })).stdout);
  expect(done).toMatchObject({
    done: true,
    records: 4,
    invocations: [{ records: 4 }],
    stays: { records: 4 },
  });
  expect(await cli(['fsck'], { cwd: folder })).toMatchObject({
    code: 0,
    stdout: 'fsck: clean: 4 records and 13 parts in 8 history files, 4 archived records\n',
  });
  expect(textsBelow(path.join(root, 'runs'))).toEqual(view);
  const rows = JSON.parse((await cli(['history', '--json'], { cwd: folder })).stdout).records;
  expect(rows.map(({ standing }: { standing: string }) => standing).sort()).toEqual([
    ...Array(4).fill('archived'),
    ...Array(4).fill('current'),
  ]);
  const [archived] = rows.filter(({ standing }: { standing: string }) => standing === 'archived');
  const name = `${archived.key.slice(0, 10)}@${archived.generation}`;
  expect((await cli(['show', name], { cwd: folder })).stdout).toContain(
    `archived in archive/${done.archive}`,
  );
  expect(JSON.parse((await cli(['show', name, '--json'], { cwd: folder })).stdout)).toMatchObject({
    type: 'tombstone',
    archive: done.archive,
  });
  expect((await cli(['diff', '1', '3', '--json'], { cwd: folder })).stdout).toContain('(archived)');
  const again = JSON.parse((await cli(['run', '--json'], { cwd: folder })).stdout) as RunSummary;
  expect([again.executed, again.cached]).toEqual([0, 4]);
  const back = await cli(['gc', '--restore', '1'], { cwd: folder });
  expect(back.stdout).toBe(`4 records of archive ${done.archive} are in the history again\n`);
  expect(textsBelow(path.join(root, 'history'))).toEqual(history);
});

it('holds tombstones, archives and blobs against the schema', async () => {
  const { folder, root } = keptStore();
  writeFileSync(
    path.join(folder, 'scenarios/long.yaml'),
    `- { id: "words:long", input: "${'Say a word. '.repeat(8_000)}" }\n`,
  );
  const run = JSON.parse((await cli(['run', '--json'], { cwd: folder })).stdout) as RunSummary;
  expect([run.executed, run.complete]).toEqual([2, true]);
  await cli(['gc', '--yes'], { cwd: folder });
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    formats: { 'date-time': /^\d{4}-\d\d-\d\dT[\d:.]+Z$/ },
  });
  const validate = ajv.compile(
    JSON.parse(readFileSync(path.join(ROOT, 'schema/record.schema.json'), 'utf8')),
  );
  const types = new Map<string, number>();
  for (const file of filesBelow(root)) {
    const full = path.join(root, file);
    const isWhole = /(archive|invocation)\.json$/.test(file);
    const lines = isWhole
      ? [JSON.parse(readFileSync(full, 'utf8'))]
      : file.endsWith('.jsonl')
        ? jsonLines(full)
        : [];
    for (const [i, line] of lines.entries()) {
      expect(validate(line), `${file}:${i + 1} ${JSON.stringify(validate.errors)}`).toBe(true);
      types.set(String(line.type), (types.get(String(line.type)) ?? 0) + 1);
    }
  }
  expect(types.get('tombstone')).toBe(4);
  expect(types.get('archive')).toBe(1);
  expect(filesBelow(path.join(root, 'blobs'))).not.toEqual([]);
  const shown = JSON.parse((await cli(['show', 'plain/words:long/1', '--json'], { cwd: folder })).stdout);
  expect(shown.input.prompt).toBe('Say a word. '.repeat(8_000));
  expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
  expect(readFileSync(path.join(root, 'VERSION'), 'utf8')).toBe('2\n');
});

it.each([
  [['gc', '--older-than', 'soon'], /--older-than "soon": write an age \(12h, 30d, 8w\) or a date/],
  [['gc', '--older-than', '2026-02-30'], /--older-than "2026-02-30": write an age/],
  [['diff', '2026-02-30'], /"2026-02-30" is no invocation, no date/],
  [['gc', '--keep', 'all'], /--keep "all": a whole number is needed/],
  [['gc', '--restore', '7'], /there is no archive 7; there are: none/],
])('%j is a mistake of the command line', async (args, message) => {
  const { folder } = keptStore();
  const { code, stdout, stderr } = await cli(args, { cwd: folder });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(message);
});

it('fsck says what --repair would mend, and --repair mends it', async () => {
  const { folder, root } = keptStore();
  await cli(['run'], { cwd: folder });
  rmSync(path.join(root, 'index.db'));
  editFile(path.join(root, 'runs/plain_run1.jsonl'), (text) => text.replace('words:tree', 'words:three'));
  const found = await cli(['fsck'], { cwd: folder });
  expect(found.code).toBe(4);
  expect(found.stdout).toContain('npx expgraph fsck --repair mends what is derived.');
  const mended = await cli(['fsck', '--repair'], { cwd: folder });
  expect(mended.code).toBe(0);
  expect(mended.stdout.match(/^mended: .*\((index-missing|view-damaged)\)/gm)).toHaveLength(2);
  expect(mended.stdout).toContain('mended: 2; cannot be mended: 0\n');
  const json = JSON.parse((await cli(['fsck', '--repair', '--json'], { cwd: folder })).stdout);
  expect(json).toMatchObject({ clean: true, mended: [], findings: [] });
});

it('fsck --repair exits 4 while truth is damaged, which it leaves alone', async () => {
  const { folder, root } = keptStore();
  const [file] = filesBelow(path.join(root, 'history')).filter((name) => name.endsWith('plain_run1.jsonl'));
  const full = path.join(root, 'history', file!);
  const bytes = readFileSync(full);
  bytes[bytes.length - 200]! ^= 1;
  writeFileSync(full, bytes);
  const { code, stdout } = await cli(['fsck', '--repair'], { cwd: folder });
  expect(code).toBe(4);
  expect(stdout).toContain('damage (damaged-line)');
  expect(readFileSync(full).equals(bytes)).toBe(true);
});

it.each([[['run']], [['reindex']], [['gc', '--yes']], [['fsck', '--repair']]])(
  '%j --wait says once who holds the store, and goes on when it is free; without --wait it exits 4',
  async (args) => {
    const { folder, root } = keptStore();
    const lock = takeLock(root, HOLDER);
    if (lock.kind === 'err') throw new Error('locked');
    const refused = await cli(args, { cwd: folder });
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/in use by process 4242 on here \(expgraph run, since .*--wait/);
    const waiting = startCli([...args, '--wait'], { cwd: folder });
    await untilSays(waiting, 'waiting for process 4242');
    lock.value[Symbol.dispose]();
    const { code, stderr } = await waiting.ended;
    expect(code).toBe(0);
    expect(stderr.match(/waiting for/g)).toHaveLength(1);
  },
);

it('leaves with 130 at a Ctrl-C while it waits, and steals nothing', async () => {
  const { folder, root } = keptStore();
  const lock = takeLock(root, HOLDER);
  if (lock.kind === 'err') throw new Error('locked');
  const waiting = startCli(['run', '--wait'], { cwd: folder });
  await untilSays(waiting, 'waiting for');
  waiting.child.kill('SIGINT');
  expect(await waiting.ended).toMatchObject({ code: 130, signal: null });
  expect(takeLock(root, { ...HOLDER, pid: 1 })).toMatchObject({ kind: 'err', error: { holder: HOLDER } });
  lock.value[Symbol.dispose]();
});

it('lets many waiters take turns, each alone', async () => {
  const folder = tempFolder();
  await sample(folder);
  const args = ['run', '--wait', '--scenario', 'sanity:*', '--runs', '1', '--force', '--json'];
  const runs = await Promise.all(Array.from({ length: 4 }, () => program(args, { cwd: folder })));
  expect(runs.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
  const ids = runs.map(({ stdout }) => (JSON.parse(stdout) as RunSummary).invocation.slice(0, 4));
  expect(ids.sort()).toEqual(['0001', '0002', '0003', '0004']);
  expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
});

it.skipIf(process.platform === 'win32')(
  'a disk that cannot write the index is named, and no index is called damaged for it',
  async () => {
    const { folder } = keptStore();
    const through = ['bash', '-c', 'ulimit -f 8; exec "$@"', 'bash'];
    const { code, stderr } = await program(['reindex'], { cwd: folder, through });
    expect(code).toBe(4);
    expect(stderr).toMatch(/index\.db cannot be read now \(.*\); see to the disk: it may be full, or fail/);
    expect(stderr).not.toMatch(/damaged|reindex makes it anew/);
    expect((await cli(['reindex'], { cwd: folder })).code).toBe(0);
  },
);
