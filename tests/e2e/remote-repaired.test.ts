// A remote whose files were damaged or lost: who pulls is told who can mend it, and who has the results does so by what is told.
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { type FileServer, fileServer } from '../rig/file-server.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { motoEnv, startMoto } from '../rig/moto.ts';
import { mountSmallDisk, noSmallDisk } from '../rig/small-disk.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: small
provider: p
model: m
scenarios: [s.yaml]
providers: { p: { type: sim } }
variants: { one: { system: be one } }
`;

const PACK = /\/small\/packs\//;

function team(remote: string, folder: string, ...names: readonly string[]) {
  for (const name of names)
    writeFiles(path.join(folder, name), {
      'experiment.yaml': `${MANIFEST}remote: ${remote}\n`,
      's.yaml': '- { id: a, input: say a }\n- { id: b, input: say b }\n',
    });
  return (name: string) => path.join(folder, name);
}

/** A folder: its packs can be cut short. */
function onDisk() {
  const folder = tempFolder();
  const share = path.join(folder, 'share');
  const packs = (): readonly string[] => filesBelow(share).filter((name) => name.includes('/packs/'));
  const first = (): string => path.join(share, packs()[0]!);
  return {
    ...{ share, packs, at: team(`file://${share}`, folder, 'ann', 'ben', 'carl') },
    cut: () => writeFileSync(first(), readFileSync(first()).subarray(1)),
    lose: () => rmSync(first()),
  };
}

const invocationOf = (cwd: string): string =>
  filesBelow(path.join(cwd, 'artifacts/small/history'))[0]!.split('/')[0]!;

it('who pulls is told which command of whom mends it, status says the same, and that command does', async () => {
  const { at, cut, packs } = onDisk();
  await cli(['run'], { cwd: at('ann') });
  const name = invocationOf(at('ann'));
  cut();
  const words = `whoever has ${name} gives it again: npx expgraph remote push --repair 1`;
  const pulled = await cli(['remote', 'pull'], { cwd: at('ben') });
  expect(pulled.code).toBe(1);
  expect(pulled.stderr).toMatch(
    /entry 1 of file:\S+ was not taken: pack [0-9a-f]{12} is damaged: its bytes are not those/,
  );
  expect(pulled.stderr).toMatch(words);
  const status = await cli(['remote', 'status'], { cwd: at('ben') });
  expect([status.code, status.stdout]).toEqual([
    1,
    expect.stringMatching(`  not taken      entry 1: pack .*; ${words}\n`),
  ]);
  expect((await cli(['remote', 'push'], { cwd: at('ann') })).stdout).toMatch('has all that is here');
  const mended = await cli(['remote', 'push', '--repair', '1'], { cwd: at('ann') });
  expect([mended.code, mended.stderr, mended.stdout]).toEqual([
    0,
    '',
    expect.stringMatching(
      /^nothing new at \S+\nlooked at 1 pack at \S+: 1 not as pushed\n {2}entry 1: pack [0-9a-f]{12} is damaged: .*\npushed 1 invocation \(2 records, \d+ kB\) to \S+\n$/,
    ),
  ]);
  for (const who of ['ben', 'carl']) {
    const ran = await cli(['run', '--json'], { cwd: at(who) });
    expect([ran.code, ran.stderr]).toEqual([0, expect.not.stringMatching('was not taken')]);
    expect(JSON.parse(ran.stdout)).toMatchObject({
      executed: 0,
      cached: 2,
      remote: { pulled: { records: 2 } },
    });
    expect((await cli(['remote', 'status'], { cwd: at(who) })).code).toBe(0);
    expect((await cli(['fsck'], { cwd: at(who) })).code).toBe(0);
  }
  const again = await cli(['remote', 'push', '--repair', '--json'], { cwd: at('ann') });
  expect(JSON.parse(again.stdout)).toMatchObject({
    repaired: { looked: 2, lost: [{ n: 1 }], putBack: [], changed: [] },
    pushed: { invocations: [] },
  });
  expect(packs()).toHaveLength(2);
});

it('what cannot be mended from here is said: numbers that are none, content that is not here, push: false', async () => {
  const { at, lose } = onDisk();
  await cli(['run'], { cwd: at('ann') });
  lose();
  await cli(['remote', 'pull'], { cwd: at('ben') });
  const elsewhere = await cli(['remote', 'push', '--repair', '1'], { cwd: at('ben') });
  expect([elsewhere.code, elsewhere.stderr]).toEqual([
    1,
    expect.stringMatching(/whoever has 0001-\S+ gives it again/),
  ]);
  for (const [asked, words] of [
    ['7', 'has no entry 7, but 1 to 1'],
    ['x', '--repair "x": "x" is not an entry or a range; write for example --repair 5,7-9'],
  ] as const) {
    const { code, stderr } = await cli(['remote', 'push', '--repair', asked], { cwd: at('ann') });
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  }
  const manifest = path.join(at('ann'), 'experiment.yaml');
  const text = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, text.replace(/remote: (.*)/, 'remote: { url: "$1", push: false }'));
  expect((await cli(['remote', 'push', '--repair'], { cwd: at('ann') })).code).toBe(2);
  writeFileSync(manifest, text);
  expect((await cli(['remote', 'push', '--repair', 'all'], { cwd: at('ann') })).code).toBe(0);
  expect((await cli(['remote', 'pull'], { cwd: at('ben') })).code).toBe(0);
});

it('a log with another entry in the place of one that was lost is mended by who read the lost one', async () => {
  const { at, share } = onDisk();
  for (const more of [[], ['--force'], ['--force']]) await cli(['run', ...more], { cwd: at('ann') });
  const lost = path.join(share, 'small/log/000000000002.json');
  rmSync(lost);
  // Who does not know of it takes its place.
  await cli(['run', '--force'], { cwd: at('ben') });
  const stuck = await cli(['remote', 'pull'], { cwd: at('ben') });
  expect([stuck.code, stuck.stderr]).toEqual([
    1,
    expect.stringMatching(
      /log\/000000000003\.json does not follow [\s\S]*whoever read it before puts back what is gone, .*: npx expgraph remote push --repair\n/,
    ),
  ]);
  const found = await cli(['remote', 'push', '--repair'], { cwd: at('ann') });
  expect([found.code, found.stderr]).toEqual([
    1,
    expect.stringMatching(
      /log\/000000000002\.json is not what was read there before: [\s\S]*take it away there, and npx expgraph remote push --repair 2 puts back what it was/,
    ),
  ]);
  rmSync(lost);
  const mended = await cli(['remote', 'push', '--repair', '2'], { cwd: at('ann') });
  expect([mended.code, mended.stdout]).toEqual([
    0,
    expect.stringMatching('entry 2: was gone from the log, and was put back as it was'),
  ]);
  for (const who of ['ben', 'ann', 'carl']) expect((await cli(['run'], { cwd: at(who) })).code).toBe(0);
  const names = (who: string) => filesBelow(path.join(at(who), 'artifacts/small/history'));
  expect(names('ann')).toEqual(names('carl'));
  expect(names('ben')).toEqual(names('carl'));
});

it('what was signed with another key is told with who can sign it, and is given by a plain push of who can', async () => {
  const folder = tempFolder();
  const remote = `{ url: "file://${path.join(folder, 'share')}", signature_key_env: SIGNING }`;
  const at = team(remote, folder, 'ann', 'ben');
  const run = (who: string, key: string, ...args: string[]) =>
    cli(args, { cwd: at(who), env: { SIGNING: `${key} and long enough` } });
  await run('ann', 'the old key', 'run');
  const words = `whoever has ${invocationOf(at('ann'))} gives it again with the key that is asked for here: npx expgraph remote push\n`;
  for (const args of [['pull'], ['status']]) {
    const { code, stdout, stderr } = await run('ben', 'the new key', 'remote', ...args);
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringContaining(words)]);
  }
  expect((await run('ann', 'the new key', 'remote', 'push')).code).toBe(0);
  for (const args of [['pull'], ['status']])
    expect((await run('ben', 'the new key', 'remote', ...args)).code).toBe(0);
});

it('what is damaged here comes back from there where that is asked for', async () => {
  const { at } = onDisk();
  await cli(['run'], { cwd: at('ann') });
  const history = path.join(at('ann'), 'artifacts/small/history');
  const file = path.join(history, filesBelow(history).find((name) => name.endsWith('one_run1.jsonl'))!);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace('say a', 'SAY A'));
  expect(await cli(['fsck'], { cwd: at('ann') })).toMatchObject({
    code: 4,
    stdout: expect.stringMatching(
      /\nnpx expgraph remote pull --repair takes again what the remote has whole\.\n/,
    ),
  });
  expect((await cli(['remote', 'pull'], { cwd: at('ann') })).stdout).toMatch('nothing new at ');
  const healed = await cli(['remote', 'pull', '--repair'], { cwd: at('ann') });
  expect([healed.code, healed.stdout]).toEqual([
    0,
    expect.stringMatching(/^pulled 1 invocation \(1 record, /),
  ]);
  expect(readFileSync(file, 'utf8')).toBe(text);
  expect((await cli(['fsck'], { cwd: at('ann') })).code).toBe(0);
  expect(JSON.parse((await cli(['run', '--json'], { cwd: at('ann') })).stdout)).toMatchObject({
    executed: 0,
  });
});

it('records that gc had archived are given by the next run once they are back', async () => {
  const { at } = onDisk();
  for (const more of [[], ['--force']]) await cli(['run', '--offline-remote', ...more], { cwd: at('ann') });
  expect((await cli(['gc', '--keep', '1', '--yes'], { cwd: at('ann') })).code).toBe(0);
  await cli(['run'], { cwd: at('ann') });
  await cli(['run'], { cwd: at('ben') });
  const [archive] = filesBelow(path.join(at('ann'), 'artifacts/small/archive'))[0]!.split('/');
  expect((await cli(['gc', '--restore', archive!], { cwd: at('ann') })).code).toBe(0);
  expect((await cli(['remote', 'status'], { cwd: at('ann') })).stdout).toMatch(
    'to give        1 invocation: ',
  );
  expect(JSON.parse((await cli(['run', '--json'], { cwd: at('ann') })).stdout)).toMatchObject({
    remote: { pushed: { invocations: 1, records: 2 } },
  });
  const { stdout } = await cli(['run', '--json'], { cwd: at('ben') });
  expect(JSON.parse(stdout)).toMatchObject({ remote: { pulled: { invocations: 1, records: 2 } } });
  expect((await cli(['history', '--json'], { cwd: at('ben') })).stdout).toBe(
    (await cli(['history', '--json'], { cwd: at('ann') })).stdout,
  );
});

it('a server that answers 200 with a page in the place of a pack loses nothing else, and is mended', async () => {
  const page = Buffer.from(`<html>${'we are busy. '.repeat(2_000)}</html>`);
  let hurt: string | null = null;
  await using server: FileServer = await fileServer({
    first({ url = '', method }, response) {
      if (method !== 'GET' || url !== hurt) return false;
      response.writeHead(200, { 'content-length': page.length }).end(page);
      return true;
    },
  });
  const at = team(`http://127.0.0.1:${server.port}/r`, tempFolder(), 'ann', 'ben');
  await cli(['run'], { cwd: at('ann') });
  await cli(['run', '--force'], { cwd: at('ann') });
  hurt = [...server.files.keys()].find((name) => PACK.test(name))!;
  const pulled = await cli(['remote', 'pull', '--json'], { cwd: at('ben') });
  expect([pulled.code, JSON.parse(pulled.stdout)]).toMatchObject([
    1,
    { pulled: { records: 2, broken: null, refused: [{ n: 1, reason: 'lost' }] } },
  ]);
  expect((await cli(['remote', 'push', '--repair', '1'], { cwd: at('ann') })).code).toBe(0);
  expect((await cli(['remote', 'pull'], { cwd: at('ben') })).code).toBe(0);
  expect(filesBelow(path.join(at('ben'), 'artifacts/small/history'))).toEqual(
    filesBelow(path.join(at('ann'), 'artifacts/small/history')),
  );
});

const noDisk = noSmallDisk();

it.skipIf(noDisk !== null)(
  'a disk that is full here refuses no pack: the run stops, pays for nothing, and goes on once there is room',
  async () => {
    using disk = mountSmallDisk(400);
    const folder = tempFolder();
    const at = team(`file://${path.join(folder, 'share')}`, folder, 'ann', 'ben');
    const ben = at('ben');
    symlinkSync(disk.folder, path.join(ben, 'artifacts'));
    for (const cwd of [at('ann'), ben])
      writeFiles(cwd, { 's.yaml': `- { id: long, input: ${'as long as a disk. '.repeat(40_000)} }\n` });
    await cli(['run'], { cwd: at('ann') });
    for (const args of [['run'], ['remote', 'pull']]) {
      const { code, stderr } = await cli(args, { cwd: ben });
      expect([code, stderr]).toEqual([4, expect.stringMatching('no space left|full')]);
      expect(stderr).not.toMatch('was not taken');
    }
    const looked = await cli(['plan'], { cwd: ben });
    expect([looked.code, looked.stderr]).toEqual([
      0,
      expect.stringMatching('what others made is not here: '),
    ]);
    disk.resize(20_000);
    expect(JSON.parse((await cli(['run', '--json'], { cwd: ben })).stdout)).toMatchObject({
      ...{ executed: 0, cached: 1 },
      remote: { pulled: { records: 1 }, problem: null },
    });
  },
);

const env = await motoEnv();

it.skipIf(env === null)('over S3 as over a folder', async () => {
  await using moto = await startMoto(env!);
  const { port, bucket, writer } = moto;
  const remote = `{ url: "s3://${bucket}/results", endpoint: "http://127.0.0.1:${port}" }`;
  const at = team(remote, tempFolder(), 'ann', 'ben');
  const key = { AWS_ACCESS_KEY_ID: writer.id, AWS_SECRET_ACCESS_KEY: writer.secret };
  const run = (who: string, ...args: string[]) => cli(args, { cwd: at(who), env: key });
  await run('ann', 'run');
  const { pulled } = JSON.parse((await run('ann', 'remote', 'pull', '--json')).stdout);
  expect(pulled.refused).toEqual([]);
  await damageInBucket(moto, at('ann'));
  expect((await run('ben', 'remote', 'pull')).stderr).toMatch('npx expgraph remote push --repair 1');
  expect((await run('ann', 'remote', 'push', '--repair', '1')).code).toBe(0);
  expect((await run('ben', 'remote', 'pull')).code).toBe(0);
});

/** What nobody does through expgraph: writes over the one pack that is there. */
async function damageInBucket(
  {
    port,
    bucket,
    writer,
  }: {
    readonly port: number;
    readonly bucket: string;
    readonly writer: { readonly id: string; readonly secret: string };
  },
  cwd: string,
): Promise<void> {
  const { signedHeaders } = await import('../../src/remote/s3-sign.ts');
  const log = filesBelow(path.join(cwd, 'artifacts/small/remote')).find((name) =>
    name.endsWith('log.jsonl'),
  )!;
  const { text } = JSON.parse(readFileSync(path.join(cwd, 'artifacts/small/remote', log), 'utf8'));
  const { pack } = JSON.parse(text);
  const url = new URL(`http://127.0.0.1:${port}/${bucket}/results/small/packs/${pack.sha256}.tar.zst`);
  const body = Buffer.from('damaged');
  const headers = await signedHeaders(
    { accessKeyId: writer.id, secretAccessKey: writer.secret, sessionToken: null },
    { method: 'PUT', url, headers: {}, body, region: 'us-east-1', now: new Date() },
  );
  expect((await fetch(url, { method: 'PUT', headers, body })).ok).toBe(true);
}
