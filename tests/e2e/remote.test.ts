// Two people, a CI and a folder that they share: each pays for what nobody has drawn yet.
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { filesBelow, writeFiles } from '../rig/files.ts';
import { startProgram } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: small
provider: p
model: m
scenarios: [s.yaml]
providers: { p: { type: sim } }
scorers: [contains]
variants: { one: { system: be one }, two: { system: be two } }
`;

/** Checkouts of one repository, and an empty place that all of them name. */
function team(...names: readonly string[]): {
  readonly share: string;
  readonly at: (name: string) => string;
} {
  const folder = tempFolder();
  const share = path.join(folder, 'share');
  for (const name of names)
    writeFiles(path.join(folder, name), {
      'experiment.yaml': `${MANIFEST}remote: file://${share}\n`,
      's.yaml': Array.from(
        { length: 3 },
        (_, i) => `- { id: s${i}, input: "say s${i}", expect: { contains: s } }\n`,
      ).join(''),
    });
  return { share, at: (name) => path.join(folder, name) };
}

const json = async (args: readonly string[], cwd: string) =>
  JSON.parse((await cli([...args, '--json'], { cwd })).stdout);

/** What people read; files that say when and where are left out. */
function view(cwd: string): Record<string, string> {
  const root = path.join(cwd, 'artifacts', 'small');
  const names = filesBelow(root).filter((name) => /^(?:scores\/)?runs\//.test(name));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, name), 'utf8')]));
}

it('a colleague has nothing to run, and pays only for what an edit made', async () => {
  const { at } = team('ann', 'ben');
  const first = await cli(['run'], { cwd: at('ann') });
  expect(first.stderr).toMatch(/expgraph: pushed 1 invocation \(6 records, 3 scores, \d+ kB\) to file:\/\//);
  const plan = await cli(['plan'], { cwd: at('ben') });
  expect(plan.stderr).toMatch(/expgraph: pulled 1 invocation \(6 records, 3 scores, \d+ kB\) from file:\/\//);
  expect(plan.stdout).toMatch('Everything is up to date: 6 tasks, nothing to run.');
  // What came is shown as what was made here is, and the next command has nothing to catch up with.
  expect(view(at('ben'))).toEqual(view(at('ann')));
  const checked = await cli(['fsck'], { cwd: at('ben') });
  expect([checked.code, checked.stdout]).toEqual([0, expect.stringMatching(/^fsck: clean/)]);
  const nothing = await json(['run'], at('ben'));
  expect(nothing).toMatchObject({
    executed: 0,
    cached: 6,
    remote: { pulled: { invocations: 0 }, problem: null },
  });
  expect(view(at('ben'))).toEqual(view(at('ann')));
  const manifest = path.join(at('ben'), 'experiment.yaml');
  writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('be two', 'be too'));
  const second = await json(['run'], at('ben'));
  expect(second).toMatchObject({
    ...{ executed: 3, cached: 3 },
    remote: { pulled: { invocations: 0 }, pushed: { invocations: 1, records: 3 }, problem: null },
  });
  cpSync(manifest, path.join(at('ann'), 'experiment.yaml'));
  expect(await json(['run'], at('ann'))).toMatchObject({
    ...{ executed: 0, cached: 6 },
    remote: { pulled: { invocations: 1, records: 3 }, problem: null },
  });
  expect(view(at('ann'))).toEqual(view(at('ben')));
  for (const name of ['ann', 'ben']) expect((await cli(['fsck'], { cwd: at(name) })).code).toBe(0);
});

it('a run that took results and then cannot begin leaves a store that fsck finds nothing wrong with', async () => {
  const { at } = team('ann', 'ben');
  await cli(['run'], { cwd: at('ann') });
  expect(await cli(['run', '--variant', 'nobody'], { cwd: at('ben') })).toMatchObject({
    ...{ code: 2, stderr: expect.stringMatching(/pulled 1 invocation [\s\S]*no variant matches/) },
  });
  const { code, stdout } = await cli(['fsck'], { cwd: at('ben') });
  expect([code, stdout]).toEqual([0, expect.stringMatching('fsck: clean')]);
});

it('status says what is where, pull and push bring it, and twice is once', async () => {
  const { at } = team('ann', 'ben');
  await cli(['run', '--offline-remote'], { cwd: at('ann') });
  expect((await cli(['remote', 'status'], { cwd: at('ann') })).stdout).toMatch(
    /^file:\/\/\S+\n {2}pushed so far {2}0 times\n {2}to take {8}nothing that is not here\n {2}to give {8}1 invocation: npx expgraph remote push\n$/,
  );
  const pushed = await cli(['remote', 'push'], { cwd: at('ann') });
  expect([pushed.code, pushed.stdout]).toEqual([
    0,
    expect.stringMatching(
      /^nothing new at \S+\npushed 1 invocation \(6 records, 3 scores, \d+ kB\) to \S+\n$/,
    ),
  ]);
  expect((await cli(['remote', 'push'], { cwd: at('ann') })).stdout).toMatch(/\S+ has all that is here\n$/);
  expect((await cli(['remote', 'status'], { cwd: at('ben') })).stdout).toMatch(
    'to take        1 invocation (6 records, 3 scores): npx expgraph remote pull',
  );
  expect(existsSync(path.join(at('ben'), 'artifacts/small/history'))).toBe(false);
  const pulled = await json(['remote', 'pull'], at('ben'));
  expect(pulled).toMatchObject({
    experiment: 'small',
    pulled: { records: 6, scores: 3, refused: [], broken: null },
  });
  expect((await cli(['remote', 'pull'], { cwd: at('ben') })).stdout).toMatch(/^nothing new at/);
  expect((await cli(['status'], { cwd: at('ben') })).code).toBe(0);
  expect(view(at('ben'))).toEqual(view(at('ann')));
});

it('push: false gives nothing, not by run and not by hand, and says so', async () => {
  const { at, share } = team('ann', 'ben');
  await cli(['run'], { cwd: at('ann') });
  const manifest = path.join(at('ben'), 'experiment.yaml');
  const text = readFileSync(manifest, 'utf8').replace('be two', 'be too');
  writeFileSync(manifest, text.replace(`file://${share}`, `{ url: "file://${share}", push: false }`));
  const before = filesBelow(share);
  expect(await json(['run'], at('ben'))).toMatchObject({ remote: { pulled: { records: 6 }, pushed: null } });
  expect((await cli(['remote', 'status'], { cwd: at('ben') })).stdout).toMatch(
    'to give        1 invocation; with push: false none is given',
  );
  const pushed = await cli(['remote', 'push'], { cwd: at('ben') });
  expect([pushed.code, pushed.stdout, pushed.stderr]).toEqual([
    2,
    '',
    expect.stringMatching(
      /^expgraph: the manifest says push: false under "remote", so nothing is given there; /,
    ),
  ]);
  expect(filesBelow(share)).toEqual(before);
});

it('two who drew the same cells apart keep both, and show the same one', async () => {
  const { at } = team('ann', 'ben');
  await cli(['run', '--offline-remote'], { cwd: at('ann') });
  await cli(['run', '--offline-remote'], { cwd: at('ben') });
  for (const name of ['ann', 'ben', 'ann']) await cli(['remote', 'push'], { cwd: at(name) });
  expect(view(at('ann'))).toEqual(view(at('ben')));
  const { stdout } = await cli(['log'], { cwd: at('ann') });
  expect(stdout.match(/^ *1-[0-9a-z]{8} /gm)).toHaveLength(2);
  const which = await cli(['diff', '1', 'now'], { cwd: at('ann') });
  expect([which.code, which.stderr]).toEqual([
    2,
    expect.stringMatching(
      /there are 2 invocations 1, of as many machines: 0001-\S+, 0001-\S+; write the name of one/,
    ),
  ]);
  // The next one has seen both.
  await cli(['run', '--force'], { cwd: at('ann') });
  const names = readdirSync(path.join(at('ann'), 'artifacts/small/history')).map((name) => name.slice(0, 4));
  expect(names.sort()).toEqual(['0001', '0001', '0002']);
});

it('a remote that is not there fails no run, is asked once, and is given everything later', async () => {
  const { share, at } = team('ann');
  writeFileSync(share, 'a file where the folder should be');
  const ran = await cli(['run', '--json'], { cwd: at('ann') });
  expect(ran.code).toBe(0);
  expect(ran.stderr.match(/warning: what others made is not here: /g)).toHaveLength(1);
  expect(ran.stderr).not.toMatch('is not shared yet');
  expect(JSON.parse(ran.stdout)).toMatchObject({
    executed: 6,
    remote: { pulled: null, pushed: null, problem: expect.any(String) },
  });
  const refused = await cli(['remote', 'pull'], { cwd: at('ann') });
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^expgraph: file:\/\//m);
  // The lock is free, and the next start gives what the first could not.
  chmodSync(share, 0o600);
  const { rmSync } = await import('node:fs');
  rmSync(share);
  expect(await json(['run'], at('ann'))).toMatchObject({
    ...{ executed: 0 },
    remote: { pushed: { invocations: 1, records: 6 }, problem: null },
  });
});

it('a manifest without a remote says what to write', async () => {
  const { at } = team('ann');
  const manifest = path.join(at('ann'), 'experiment.yaml');
  writeFileSync(manifest, MANIFEST);
  const { code, stderr } = await cli(['remote', 'pull'], { cwd: at('ann') });
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching('the manifest has no remote: write `remote: s3://bucket/prefix`'),
  ]);
  expect((await cli(['run', '--json'], { cwd: at('ann') })).stdout).not.toMatch('"remote"');
});

it('Ctrl-C while a remote is waited for ends the run before anything is asked, and behind it leaves only the sharing', async () => {
  const { at } = team('ann');
  const manifest = path.join(at('ann'), 'experiment.yaml');
  for (const [hangs, code, kept] of [
    ['GET', 130, 0],
    ['PUT', 0, 6],
  ] as const) {
    const asked = Promise.withResolvers<void>();
    const server = createServer(({ method }, response) => {
      if (method === hangs) asked.resolve();
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    writeFileSync(manifest, `${MANIFEST}remote: http://127.0.0.1:${port}\n`);
    const { child, ended } = startProgram(['run', '--json'], { cwd: at('ann') });
    await asked.promise;
    child.kill('SIGINT');
    const { code: was, stdout, stderr } = await ended;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    expect([was, stderr]).toEqual([
      code,
      expect.stringMatching(kept === 0 ? /./ : 'what was made here is not shared yet: it was stopped'),
    ]);
    const root = path.join(at('ann'), 'artifacts/small/history');
    expect(existsSync(root) ? readdirSync(root).length : 0).toBe(kept === 0 ? 0 : 1);
    if (kept > 0) expect(JSON.parse(stdout)).toMatchObject({ executed: kept, remote: { pushed: null } });
  }
});
