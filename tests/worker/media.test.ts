// Files on their way to a server: true to the digest of their key, or not sent at all.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MediaPart } from '../../src/core/media.ts';
import type { ModelRequest } from '../../src/core/order.ts';
import { makeMediaLoader, withFiles } from '../../src/worker/media.ts';
import { png } from '../rig/media.ts';
import { tempFolder } from '../rig/temp.ts';

const BYTES = png(2, 2);

function partOf(file: string, bytes: Buffer = BYTES): MediaPart {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { type: 'image', file, media_type: 'image/png', sha256, bytes: bytes.length, width: 2, height: 2 };
}

function requestOf(...parts: readonly MediaPart[]): ModelRequest {
  return {
    ...{ model: 'm', tools: [], temperature: null, maxOutputTokens: null, seed: null, params: {} },
    messages: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: [...parts, { type: 'text', text: 'What?' }] as never },
    ],
  };
}

function folderWith(files: { readonly [name: string]: Buffer }): string {
  const folder = tempFolder();
  for (const [name, bytes] of Object.entries(files)) writeFileSync(path.join(folder, name), bytes);
  return folder;
}

it('puts the bytes beside the reference, and leaves the request as it was', async () => {
  const load = makeMediaLoader(folderWith({ 'a.png': BYTES }));
  const { width: _w, height: _h, ...part } = partOf('a.png');
  const request = requestOf(partOf('a.png'));
  const before = structuredClone(request);
  const loaded = await load(request);
  expect(loaded).toMatchObject({
    kind: 'ok',
    value: { messages: [{}, { content: [{ ...part, data: BYTES.toString('base64') }, { text: 'What?' }] }] },
  });
  expect(request).toEqual(before);
});

it('hands on a request of text as it is', async () => {
  const request = requestOf();
  const loaded = await makeMediaLoader('/nowhere')(request);
  expect(loaded.kind === 'ok' && loaded.value).toBe(request);
});

it('keeps what it read for the next call, by content and not by name', async () => {
  const folder = folderWith({ 'a.png': BYTES });
  const load = makeMediaLoader(folder);
  await load(requestOf(partOf('a.png')));
  rmSync(path.join(folder, 'a.png'));
  expect((await load(requestOf(partOf('renamed.png')))).kind).toBe('ok');
});

it('keeps no more than a bound of them', async () => {
  const large = [1, 2, 3].map((n) => Buffer.concat([BYTES, Buffer.alloc(18_000_000, n)]));
  const files = Object.fromEntries(large.map((bytes, i) => [`${i}.png`, bytes]));
  const folder = folderWith(files);
  const load = makeMediaLoader(folder);
  for (const [i, bytes] of large.entries()) await load(requestOf(partOf(`${i}.png`, bytes)));
  for (const name of Object.keys(files)) rmSync(path.join(folder, name));
  // The oldest gave way to the newest.
  const kinds = [];
  for (const [i, bytes] of large.entries())
    kinds.push((await load(requestOf(partOf(`${i}.png`, bytes)))).kind);
  expect(kinds).toEqual(['err', 'ok', 'ok']);
});

/** Something else stands at its place. */
const become =
  (make: (file: string) => void) =>
  (file: string): void => {
    rmSync(file);
    make(file);
  };

describe('is not sent, and costs nothing', () => {
  const FAILURE = {
    kind: 'err',
    error: {
      kind: 'inputs-changed',
      isUnsent: true,
      message: expect.stringMatching(/^a\.png is no longer what its key/),
    },
  };
  const after = async (change: (file: string) => void): Promise<unknown> => {
    const folder = folderWith({ 'a.png': BYTES });
    change(path.join(folder, 'a.png'));
    return makeMediaLoader(folder)(requestOf(partOf('a.png')));
  };

  it.each([
    ['it was edited', (file: string) => writeFileSync(file, png(2, 3))],
    ['a byte of it was', (file: string) => writeFileSync(file, Buffer.from(BYTES).fill(7, BYTES.length - 1))],
    ['it is gone', (file: string) => rmSync(file)],
    ['it became a folder', become((file) => execFileSync('mkdir', [file]))],
    ['it became a pipe', become((file) => execFileSync('mkfifo', [file]))],
    ['it became a link that leads out', become((file) => symlinkSync('/etc/passwd', file))],
  ])('where %s', async (_, change) => {
    expect(await after(change)).toMatchObject(FAILURE);
  });
});

it('stands between whoever asks and a client, whatever client that is', async () => {
  const asked: ModelRequest[] = [];
  const client = {
    complete: async (request: ModelRequest) => {
      asked.push(request);
      return { kind: 'cancelled' as const };
    },
    nameCalls: () => [],
    toolMessage: () => ({ role: 'tool' }),
  };
  const find = withFiles(async () => ({ kind: 'ok', value: client }), folderWith({ 'a.png': BYTES }));
  const found = await find({} as never);
  if (found.kind === 'err') throw new Error('no client');
  expect(found.value.toolMessage({ id: null, name: 'x', text: 'y' })).toEqual({ role: 'tool' });
  expect(await found.value.complete(requestOf(partOf('gone.png', png(9, 9))), {} as never)).toMatchObject({
    kind: 'failure',
    failure: { kind: 'inputs-changed' },
  });
  await found.value.complete(requestOf(partOf('a.png')), {} as never);
  expect(asked).toMatchObject([{ messages: [{}, { content: [{ data: BYTES.toString('base64') }, {}] }] }]);
});
