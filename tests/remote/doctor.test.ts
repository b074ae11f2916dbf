// What doctor says of a remote: whether it answers, whether it may be read, and, where that is asked for, whether one of several
// writers wins there.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import type { RemoteSettings } from '../../src/core/remote.ts';
import type { Check } from '../../src/project/doctor/check.ts';
import { remoteChecks } from '../../src/project/doctor/remote.ts';
import type { World } from '../../src/project/open/world.ts';
import { type FileServerOptions, fileServer } from '../rig/file-server.ts';
import { inProcess } from '../rig/in-process.ts';
import { envName, remoteSettings, remoteWorld } from '../rig/remote-settings.ts';
import { tempFolder } from '../rig/temp.ts';

function checksOf(
  settings: RemoteSettings,
  input: { readonly mayWrite?: boolean; readonly env?: { readonly [name: string]: string } } = {},
): Promise<readonly Check[]> {
  const { mayWrite = false, env = {} } = input;
  return remoteChecks(remoteWorld(env) as unknown as World, { settings, mayWrite });
}

async function served(options: FileServerOptions = {}, more: Partial<RemoteSettings> = {}) {
  const server = await fileServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  const url = `http://127.0.0.1:${server.port}/team`;
  return { server, url, settings: remoteSettings({ kind: 'https', url, ...more }) };
}

it('reads, writes nothing, and says how writing is tried', async () => {
  const { server, url, settings } = await served();
  expect(await checksOf(settings)).toEqual([
    { name: 'remote', state: 'ok', found: `${url} answers and may be read`, advice: null },
    {
      ...{ name: 'writing to it', state: 'off', found: 'not tried' },
      advice:
        'npx expgraph doctor --remote tries it: 8 writers at one time, 3 times; 3 files of 256 kB are left there',
    },
  ]);
  expect(server.asked.map(({ method }) => method)).toEqual(['GET']);
});

it('is no store where a page stands in the place of what is not there', async () => {
  const found =
    'answers with a file to a name that nobody gave one (doctor/nothing): it is no store of files';
  for (const page of ['<html>log in</html>', '<html>'.padEnd(9_000, 'x')]) {
    const { url, settings } = await served({
      first({ method }, response) {
        if (method !== 'GET') return false;
        response.writeHead(200).end(page);
        return true;
      },
    });
    expect(await checksOf(settings, { mayWrite: true })).toEqual([
      {
        ...{ name: 'remote', state: 'failed', found: `${url} ${found}` },
        advice:
          'it may want somebody to log in, or show a page of an application: look at it in a browser, and write the address of the files',
      },
    ]);
  }
});

it('lets writers race where that is asked for, and says what is left there', async () => {
  const { server, settings } = await served();
  const [, writing] = await checksOf(settings, { mayWrite: true });
  expect([...server.files.values()].map(({ length }) => length)).toEqual([262_144, 262_144, 262_144]);
  const [first, ...others] = [...server.files.keys()].map((name) => name.replace('/team/', ''));
  expect(others).toEqual(['2', '3'].map((nth) => first!.replace(/1$/, nth)));
  expect(writing).toEqual({
    ...{ name: 'writing to it', state: 'ok', advice: null },
    found: `one of 8 writers won, 3 times out of 3; left there: 3 files of 256 kB, ${first} to -3`,
  });
});

it.each([
  ['never heard of the condition', 'ignored', '9 writers'],
  ['looks before it takes the body, and not after', 'early', '8 writers'],
] as const)('refuses a store that %s: several writers win', async (_, condition, who) => {
  const { server, settings } = await served({ condition });
  const [, writing] = await checksOf(settings, { mayWrite: true });
  const [left] = [...server.files.keys()];
  expect(writing).toEqual({
    ...{ name: 'writing to it', state: 'failed' },
    found: `${who} were told that they made one and the same file: this store cannot be used; left there: 1 file of 256 kB, ${left!.replace('/team/', '')}`,
    advice: 'use a store that knows If-None-Match; from this one, results can be read: push: false',
  });
});

it('refuses a store that gives other bytes than were written', async () => {
  let isWritten = false;
  const { settings } = await served({
    first(request, response) {
      if (request.method === 'PUT') isWritten = true;
      if (request.method === 'PUT' || !isWritten) return false;
      response.end('something else');
      return true;
    },
  });
  const [, writing] = await checksOf(settings, { mayWrite: true });
  expect(writing).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('what one writer made was read as other bytes'),
  });
});

it('refuses a store where nobody can make anything', async () => {
  const { settings } = await served({
    first(request, response) {
      if (request.method !== 'PUT') return false;
      response.writeHead(412).end();
      return true;
    },
  });
  const [, writing] = await checksOf(settings, { mayWrite: true });
  expect(writing).toMatchObject({
    state: 'failed',
    found: expect.stringContaining('none of 8 writers could make a file that was not there'),
  });
});

it('warns where results are read and none can be sent', async () => {
  const { settings } = await served(
    { token: 'tok-a-123456789', readerToken: 'tok-b-123456789' },
    { tokenEnv: envName('T') },
  );
  const env = { T: 'tok-b-123456789' };
  const [, writing] = await checksOf(settings, { mayWrite: true, env });
  expect(writing).toMatchObject({
    state: 'warning',
    found: expect.stringContaining('(403); results of others are read, and none are sent'),
  });
  expect(await checksOf({ ...settings, push: false }, { mayWrite: true, env })).toMatchObject([
    { state: 'ok' },
    { state: 'off', found: 'push: false, so nothing is sent' },
  ]);
});

it('says who is not let in, which variable is missing, and what does not answer', async () => {
  const { server, settings } = await served({ token: 'tok-a-123456789' }, { tokenEnv: envName('T') });
  expect(await checksOf(settings, { env: { T: 'tok-wrong-00000' }, mayWrite: true })).toMatchObject([
    { state: 'failed', found: expect.stringContaining('(401)'), advice: 'look at the value of T' },
  ]);
  expect(await checksOf(settings)).toMatchObject([
    {
      ...{ state: 'failed', advice: 'set it: export T=...' },
      found: 'the environment variable T is not set, which experiment.yaml:12 names for the remote',
    },
  ]);
  await server[Symbol.asyncDispose]();
  expect(await checksOf({ ...settings, tokenEnv: null })).toMatchObject([
    { state: 'failed', found: expect.stringContaining('nothing listens there (ECONNREFUSED)') },
  ]);
});

it('says of a folder whether it is there', async () => {
  const root = path.join(tempFolder(), 'share');
  const settings = remoteSettings({ kind: 'file', url: pathToFileURL(root).href });
  expect(await checksOf(settings)).toMatchObject([
    { state: 'off', found: `${settings.url} is not there yet` },
    { state: 'off', found: 'not tried' },
  ]);
  expect(await checksOf(settings, { mayWrite: true })).toMatchObject([{ state: 'off' }, { state: 'ok' }]);
  const [left] = readdirSync(path.join(root, 'doctor'));
  expect(readFileSync(path.join(root, 'doctor', left!), 'utf8')).toMatch(
    /^npx expgraph doctor --remote, writer \d\n\.+$/,
  );
  expect(await checksOf(settings)).toMatchObject([{ state: 'ok' }, { state: 'off' }]);
});

it('is asked on the command line', async () => {
  const cwd = tempFolder();
  const share = pathToFileURL(path.join(cwd, 'share')).href;
  const yaml = (more: string): string =>
    `version: 1\nname: demo\nprovider: sim\nscenarios: [s.yaml]\nvariants: { a: {} }\n${more}`;
  writeFileSync(path.join(cwd, 's.yaml'), '- { id: a, input: hello }\n');
  writeFileSync(path.join(cwd, 'experiment.yaml'), yaml(''));
  const none = await inProcess(['doctor', '--remote'], { cwd });
  expect(none).toMatchObject({ code: 2, err: expect.stringContaining('the manifest names none') });
  expect((await inProcess(['doctor'], { cwd })).out).not.toContain('remote');
  writeFileSync(path.join(cwd, 'experiment.yaml'), yaml(`remote: ${share}\n`));
  const { out } = await inProcess(['doctor'], { cwd });
  expect(out).toContain(`${share} is not there yet`);
  expect(out).toContain('npx expgraph doctor --remote tries it');
  const raced = await inProcess(['doctor', '--remote', '--json'], { cwd });
  expect(raced.code).toBe(0);
  expect((JSON.parse(raced.out) as { readonly checks: readonly Check[] }).checks).toContainEqual(
    expect.objectContaining({ name: 'writing to it', state: 'ok' }),
  );
});
