// Two checkouts of one experiment, and what each takes in of the other: from folders and from tars, in a terminal and in a pipe.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../src/cache/disk/lock.ts';
import { mendModes } from '../../src/cache/fsck/fsck-modes.ts';
import { cli } from '../rig/cli.ts';
import { editFile, filesBelow, ROOT, writeFiles } from '../rig/files.ts';
import { program } from '../rig/program.ts';
import { SIM_HEAD } from '../rig/small-experiment.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

const MANIFEST = `${SIM_HEAD}variants:
  first: { system: You help. }
  second: { system: Be brief. }
scenarios: [s.yaml]
scorers:
  - { name: words, regex: "reminder|list|please" }
`;
const SCENARIOS = `- { id: one, input: Remind me to call the dentist. }
- { id: two, input: Put milk on my list. }
`;

const ROOT_OF = 'artifacts/small';

async function said(args: readonly string[], cwd: string) {
  const { code, stdout, stderr } = await cli(args, { cwd });
  return { code, stdout, stderr };
}

async function drawn(args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await cli(['run', ...args], { cwd });
  if (code !== 0) throw new Error(stderr);
}

/** Both have the first arm; then one drew the second, and the other one drew the first again. */
async function twoCheckouts(): Promise<{ readonly here: string; readonly there: string }> {
  const folder = tempFolder();
  const [here, there] = ['here', 'there'].map((name) => path.join(folder, name)) as [string, string];
  writeFiles(here, { 'experiment.yaml': MANIFEST, 's.yaml': SCENARIOS });
  await drawn(['--variant', 'first'], here);
  cpSync(here, there, { recursive: true });
  await drawn([], here);
  await drawn(['--force', '--variant', 'first'], there);
  return { here, there };
}

/** What readers see, and what it is made of. */
function sharedBytes(cwd: string): Record<string, string> {
  const root = path.join(cwd, ROOT_OF);
  const names = filesBelow(root).filter((name) =>
    /^(?:scores\/)?(?:history|runs|blobs|archive)\//.test(name),
  );
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, name), 'latin1')]));
}

describe('npx expgraph merge', () => {
  it('gives both the same history and view, pays for nothing again, and says what came', async () => {
    const { here, there } = await twoCheckouts();
    const back = path.join(path.dirname(here), 'back');
    cpSync(there, back, { recursive: true });
    expect(await said(['merge', '--dry-run', '../there'], here)).toEqual({
      ...{ code: 0, stderr: '', stdout: '1 invocation, 4 records would come from ../there\n' },
    });
    expect(await said(['merge', '../there'], here)).toEqual({
      ...{ code: 0, stderr: '', stdout: '1 invocation, 4 records came from ../there\n' },
    });
    expect(await said(['merge', '../here'], back)).toMatchObject({ code: 0, stderr: '' });
    expect(sharedBytes(here)).toEqual(sharedBytes(back));
    for (const cwd of [here, back]) {
      const plan = JSON.parse((await said(['plan', '--json'], cwd)).stdout);
      expect([plan.tasks, plan.pending, plan.cached]).toEqual([8, 0, 8]);
      expect((await said(['fsck'], cwd)).stdout).toMatch(/^fsck: clean: 12 records/m);
      expect((await said(['merge', '../there'], cwd)).stdout).toBe(
        'nothing new in ../there: all that it has is here\n',
      );
      expect((await said(['merge', '.', ROOT_OF, 'artifacts'], cwd)).code).toBe(0);
    }
  });

  it('tells it as JSON', async () => {
    const { here } = await twoCheckouts();
    const { code, stdout, stderr } = await said(['merge', '--json', '../there', '../there'], here);
    const told = JSON.parse(stdout);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const nothing = { invocations: [], records: 0, scores: 0, blobs: 0, archives: [], reviews: [] };
    const besides = { left_out: [], conflicts: [], damaged: [], batches_out: 0 };
    const invocations = [expect.stringMatching(/^0002-\d{8}T\d{6}Z-\w{8}$/)];
    expect(told).toEqual({
      experiment: 'small',
      dry_run: false,
      stores: [
        { ...nothing, ...besides, other: '../there', invocations, records: 4 },
        { ...nothing, ...besides, other: '../there' },
      ],
    });
  });

  it('takes tars of a store, of artifacts and of a checkout, whatever they are called, and leaves nothing of them', async () => {
    const { here, there } = await twoCheckouts();
    const expected = path.join(path.dirname(here), 'expected');
    cpSync(here, expected, { recursive: true });
    await said(['merge', '../there'], expected);
    const tars = [
      ['cf', there, '.', 'checkout.tar'],
      ['czf', path.dirname(there), 'there', 'around.bin'],
      ['czf', path.join(there, 'artifacts'), '.', 'artifacts.tgz'],
      ['cf', path.join(there, ROOT_OF), '.', 'store.zip'],
    ] as const;
    for (const [how, at, what, name] of tars) {
      const cwd = path.join(path.dirname(here), `for-${name}`);
      cpSync(here, cwd, { recursive: true });
      execFileSync('tar', [how, path.join(cwd, name), '-C', at, what]);
      const { code, stdout } = await said(['merge', name], cwd);
      expect([code, stdout]).toEqual([0, `1 invocation, 4 records came from ${name}\n`]);
      expect(sharedBytes(cwd)).toEqual(sharedBytes(expected));
      expect(readdirSync(path.join(cwd, ROOT_OF)).filter((entry) => entry.endsWith('.tmp'))).toEqual([]);
    }
  });

  it('clears away what a merge that was killed had unpacked; so does fsck --repair', async () => {
    const { here, there } = await twoCheckouts();
    const left = (): string[] =>
      ['unpacked.tmp', 'uniting.tmp'].map((name) => path.join(here, ROOT_OF, name));
    const leave = (): void => {
      for (const folder of left()) writeFiles(folder, { '1/history/half': 'half' });
    };
    leave();
    const noted = (await said(['fsck'], here)).stdout;
    expect(noted.match(/note \(left-over\)/g)).toHaveLength(2);
    await said(['fsck', '--repair'], here);
    expect(left().some((folder) => existsSync(folder))).toBe(false);
    leave();
    execFileSync('tar', ['cf', path.join(here, 'x.tar'), '-C', there, 'artifacts']);
    expect((await said(['merge', 'x.tar'], here)).code).toBe(0);
    expect(left().some((folder) => existsSync(folder))).toBe(false);
  });

  it('leaves out links in a tar and names them: exit 1', async () => {
    const { here, there } = await twoCheckouts();
    execFileSync('ln', ['-s', '/etc/passwd', path.join(there, ROOT_OF, 'history/passwd')]);
    execFileSync('tar', ['cf', path.join(here, 'x.tar'), '-C', there, 'artifacts']);
    const { code, stdout } = await said(['merge', 'x.tar'], here);
    expect([code, stdout]).toEqual([
      1,
      '1 invocation, 4 records came from x.tar\nleft out: artifacts/small/history/passwd is a link\n',
    ]);
  });

  it('tells of damage there, and of what says two things: exit 4, and all else comes', async () => {
    const { here, there } = await twoCheckouts();
    const history = path.join(there, ROOT_OF, 'history');
    const [shared, own] = readdirSync(history);
    editFile(path.join(history, own!, 'first_run1.jsonl'), (text) => text.replace('Remind', 'REMIND'));
    // Another experiment's lines under the name of an invocation that both have.
    cpSync(path.join(history, own!, 'first_run2.jsonl'), path.join(history, shared!, 'first_run2.jsonl'));
    const { code, stdout } = await said(['merge', '../there'], here);
    expect(code).toBe(4);
    expect(stdout).toContain('1 invocation, 3 records came from ../there\n');
    expect(stdout).toContain(
      `damaged there: history/${own}/first_run1.jsonl line 2 its checksum does not fit`,
    );
    expect(stdout).toContain(`conflict: history/${shared}/first_run2.jsonl line 1 says something else`);
    expect(stdout).toContain('ours stays, theirs is in quarantine/');
    expect((await said(['plan', '--json'], here)).stdout).toContain('"pending":0');
  });

  it('refuses what is no store of this experiment, a newer format, a store in use: nothing is taken of any', async () => {
    const { here, there } = await twoCheckouts();
    const before = sharedBytes(here);
    const other = path.join(path.dirname(here), 'other');
    writeFiles(other, { 'experiment.yaml': MANIFEST.replace('small', 'large'), 's.yaml': SCENARIOS });
    await drawn(['--max-new', '1'], other).catch(() => {});
    writeFileSync(path.join(here, 'text.tar'), 'this is no tar, but long enough to be one. '.repeat(50));
    const refused = async (args: readonly string[], code: number, words: string): Promise<void> => {
      const told = await said(['merge', '../there', ...args], here);
      expect([told.code, told.stdout]).toEqual([code, '']);
      expect(told.stderr).toContain(words);
      expect(told.stderr.trim().split('\n')).toHaveLength(1);
      expect(sharedBytes(here)).toEqual(before);
    };
    await refused(['nowhere'], 2, 'there is no nowhere: name a folder, or a tar of one');
    await refused(['../other'], 2, 'there are no results of small in ../other; there are some of large');
    const wrong = 'has results of large, and this experiment is small: only results of one name are united';
    await refused(['../other/artifacts/large'], 2, wrong);
    await refused(['text.tar'], 2, 'text.tar is no tar, or a damaged one');
    writeFileSync(path.join(here, 'ci.zip'), `PK\u0003\u0004${'and what is in it. '.repeat(50)}`);
    // As a shell gives a variable that is not set: not the folder in which we are.
    await refused([''], 2, 'one of the stores has an empty name: name a folder, or a tar of one');
    await refused(['ci.zip'], 2, 'ci.zip is a zip file: unpack it and name the folder');
    // The disk gives no byte of it.
    if (process.platform === 'linux')
      await refused(['/proc/self/mem'], 2, 'could not read /proc/self/mem: EIO');
    expect(existsSync(path.join(here, ROOT_OF, 'unpacked.tmp'))).toBe(false);
    const newer = path.join(path.dirname(here), 'newer');
    cpSync(there, newer, { recursive: true });
    writeFileSync(path.join(newer, ROOT_OF, 'VERSION'), '3\n');
    await refused(['../newer'], 4, 'has format 3 and this expgraph reads up to 2: update expgraph');
    const holder = { pid: 4242, host: 'here', command: 'expgraph run', since: '2026-01-02T03:04:05.000Z' };
    const lock = takeLock(path.join(here, ROOT_OF), holder);
    if (lock.kind === 'err') throw new Error('it is locked');
    using _lock = lock.value;
    await refused([], 4, 'is in use by process 4242');
  });

  it('fills a checkout that has no results yet', async () => {
    const { here } = await twoCheckouts();
    const fresh = path.join(path.dirname(here), 'fresh');
    writeFiles(fresh, { 'experiment.yaml': MANIFEST, 's.yaml': SCENARIOS });
    expect((await said(['merge', '-n', '../there'], fresh)).stdout).toContain('2 invocations, 8 records, ');
    expect(existsSync(path.join(fresh, 'artifacts'))).toBe(false);
    expect((await said(['merge', '../there', '../here'], fresh)).code).toBe(0);
    expect((await said(['status'], fresh)).code).toBe(0);
    expect((await said(['log'], fresh)).stdout.match(/complete/g)).toHaveLength(3);
  });

  it('takes in stores of every earlier version', async () => {
    const stores = path.join(ROOT, 'tests/stores');
    for (const name of readdirSync(stores).filter((one) => existsSync(path.join(stores, one, 'store')))) {
      const folder = tempFolder();
      const from = path.join(stores, name);
      cpSync(from, folder, { recursive: true, filter: (file) => file !== path.join(from, 'store') });
      const whole = path.join(tempFolder(), 'whole');
      cpSync(from, whole, { recursive: true, filter: (file) => file !== path.join(from, 'store') });
      const text = readFileSync(path.join(from, 'experiment.yaml'), 'utf8');
      const root = `artifacts/${/^name: *(\S+)/m.exec(text)![1]}`;
      mkdirSync(path.join(whole, 'artifacts'), { recursive: true });
      cpSync(path.join(from, 'store'), path.join(whole, root), { recursive: true });
      mendModes(path.join(whole, root));
      const merged = await said(['merge', whole], folder);
      expect([merged.code, merged.stdout], name).toEqual([0, expect.stringContaining('came from')]);
      const [one, other] = await Promise.all(
        [folder, whole].map(async (cwd) => JSON.parse((await said(['plan', '--json'], cwd)).stdout)),
      );
      expect([one.pending, one.cached], name).toEqual([other.pending, other.cached]);
      expect((await said(['fsck'], folder)).code, name).toBe(0);
      expect(readFileSync(path.join(folder, root, 'VERSION'), 'utf8'), name).toBe(
        readFileSync(path.join(whole, root, 'VERSION'), 'utf8'),
      );
    }
  });

  it('says the same in a pipe and in a terminal', async () => {
    const { here } = await twoCheckouts();
    const piped = await program(['merge', '-n', '../there'], { cwd: here });
    expect(piped).toMatchObject({ code: 0, stderr: '' });
    expect(piped.stdout).toBe('1 invocation, 4 records would come from ../there\n');
    if (!HAS_TERMINAL) return;
    const terminal = startInTerminal(['merge', '../there'], { cwd: here });
    await terminal.showing('1 invocation, 4 records came from ../there');
    expect(await terminal.code).toBe(0);
  });
});

describe('what two machines drew of one key', () => {
  it('has one generation twice, and each is found by its invocation', async () => {
    const { here } = await twoCheckouts();
    await drawn(['--force', '--variant', 'first'], here);
    // Both drew generation 2 of the first arm.
    const { stdout: before } = await said(['history', 'first/one/1', '--json'], here);
    const [, second] = JSON.parse(before).records ?? JSON.parse(before);
    await said(['merge', '../there'], here);
    const rows = JSON.parse((await said(['history', 'first/one/1', '--json'], here)).stdout);
    const records = (rows.records ?? rows) as { key: string; generation: number; invocation: string }[];
    expect(records.map(({ generation }) => generation).sort()).toEqual([1, 2, 2]);
    const shown = await said(['show', `${second.key.slice(0, 12)}@2`, '--json'], here);
    expect(shown.code).toBe(0);
    // The newer invocation's: of the numbers 2 and 3 the third.
    const newest = records.at(-1)!.invocation;
    expect(JSON.parse(shown.stdout).invocation).toBe(newest);
    expect(shown.stderr).toContain('other machines have a generation 2 of it, too: npx expgraph show ');
    const [, twin] = /npx expgraph show (\S+)/.exec(shown.stderr)!;
    const other = await said(['show', twin!, '--json'], here);
    const twinInvocation = records.find(
      ({ generation, invocation }) => generation === 2 && invocation !== newest,
    )!.invocation;
    expect(JSON.parse(other.stdout).invocation).toBe(twinInvocation);
    for (const { invocation } of records) {
      const one = await said(['show', `first/one/1@${invocation}`, '--json'], here);
      expect(JSON.parse(one.stdout).invocation).toBe(invocation);
    }
    const two = records.map(({ invocation }) => invocation).find((name) => name.startsWith('0002'))!;
    const table = (await said(['history', 'first/one/1'], here)).stdout;
    expect(table).toContain(`0002-${two.split('-').at(-1)}`);
    const wrong = await said(['show', `second/one/1@${two}`], here);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining(`invocation ${two} drew nothing of second/one/1`),
    ]);
  });
});
