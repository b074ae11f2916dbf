// What every remote must do, whatever it keeps files in. Each transport's test calls this.
import { createHash, randomBytes } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { RemoteError, type RemoteFiles } from '../../src/remote/remote.ts';
import type { FaultyLine } from '../rig/faulty-line.ts';

/** One place where files are; every client that is opened is another machine's. */
export type RemotePlace = {
  open(options?: { readonly timeoutMs?: number }): Promise<RemoteFiles>;
  /** A client that may read and not write. */
  openReader(): Promise<RemoteFiles>;
  /** A client whose credentials are wrong, and what of them must not be told; null = nobody is asked who he is. */
  readonly wrong: { open(): Promise<RemoteFiles>; readonly secrets: readonly string[] } | null;
  /** Over which `open` goes; null = no network is between. */
  readonly line: FaultyLine | null;
};

const MAX = { maxBytes: 100_000_000 };
const never = new AbortController().signal;
const bytesOf = (text: string): Uint8Array => Buffer.from(text);
const textOf = (bytes: Uint8Array | null): string | null => bytes && Buffer.from(bytes).toString();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export function remoteContract(
  name: string,
  input: {
    /** Empty. What it holds open is closed when the test ends. */
    readonly makePlace: () => Promise<RemotePlace>;
    readonly hasLine: boolean;
    readonly asksWho: boolean;
    /** Why nobody can be kept from writing here; null = somebody can. */
    readonly noReader?: string | null;
  },
): void {
  const { makePlace } = input;
  const opened = async (files: Promise<RemoteFiles>): Promise<RemoteFiles> => {
    const remote = await files;
    onTestFinished(() => remote[Symbol.asyncDispose]());
    return remote;
  };
  const get = (remote: RemoteFiles, file: string, signal = never): Promise<Uint8Array | null> =>
    remote.get(file, { ...MAX, signal });
  const failure = async (work: Promise<unknown>): Promise<RemoteError> => {
    const error = await work.then(
      () => null,
      (cause: unknown) => cause,
    );
    expect(error).toBeInstanceOf(RemoteError);
    return error as RemoteError;
  };

  describe(`${name}: the contract of a remote`, () => {
    it('has nothing where nothing was put', async () => {
      const remote = await opened((await makePlace()).open());
      expect(await get(remote, 'x/log/000000000001.json')).toBeNull();
      expect(remote.canWrite).toBe('unknown');
    });

    it('gives what was created, to every client', async () => {
      const place = await makePlace();
      const [one, two] = [await opened(place.open()), await opened(place.open())];
      expect(await one.create('x/log/1.json', bytesOf('{"n":1}'), never)).toBe('made');
      expect(one.canWrite).toBe('yes');
      expect(textOf(await get(two, 'x/log/1.json'))).toBe('{"n":1}');
      expect(await get(two, 'x/log/2.json')).toBeNull();
    });

    it('leaves the first bytes where a file is there', async () => {
      const place = await makePlace();
      const [one, two] = [await opened(place.open()), await opened(place.open())];
      expect(await one.create('x/a', bytesOf('first'), never)).toBe('made');
      expect(await two.create('x/a', bytesOf('second'), never)).toBe('there');
      expect(await one.create('x/a', bytesOf('first'), never)).toBe('there');
      expect(textOf(await get(one, 'x/a'))).toBe('first');
    });

    it('lets one of thirty writers win that race, and its bytes stay', async () => {
      const place = await makePlace();
      const clients = await Promise.all(Array.from({ length: 30 }, () => opened(place.open())));
      // Long ones show a store that looks before it takes the body, and not after.
      for (const [round, length] of Object.entries({ short: 20, long: 262_144, again: 262_144 })) {
        const name = `race/${round}`;
        for (const client of clients) expect(await get(client, name)).toBeNull();
        const bodies = clients.map((_, nth) => bytesOf(`${nth} `.padEnd(length, '.')));
        const ends = await Promise.all(
          clients.map((client, nth) => client.create(name, bodies[nth]!, never)),
        );
        expect(ends.filter((end) => end === 'made')).toHaveLength(1);
        const winner = bodies[ends.indexOf('made')]!;
        for (const client of clients) expect(sha256((await get(client, name))!)).toBe(sha256(winner));
      }
    });

    it('keeps big files whole, empty ones and any byte', async () => {
      const place = await makePlace();
      const remote = await opened(place.open());
      const big = randomBytes(20_000_000);
      expect(await remote.create('packs/big.tar.zst', big, never)).toBe('made');
      expect(sha256((await get(remote, 'packs/big.tar.zst'))!)).toBe(sha256(big));
      expect(await remote.create('packs/empty', new Uint8Array(0), never)).toBe('made');
      expect((await get(remote, 'packs/empty'))!.length).toBe(0);
      const every = Uint8Array.from({ length: 256 }, (_, byte) => byte);
      expect(await remote.create('packs/every', every, never)).toBe('made');
      expect(Buffer.compare((await get(remote, 'packs/every'))!, every)).toBe(0);
    });

    it('reads no more than it is told to', async () => {
      const remote = await opened((await makePlace()).open());
      await remote.create('x/eleven', bytesOf('eleven char'), never);
      expect(textOf(await remote.get('x/eleven', { maxBytes: 11, signal: never }))).toBe('eleven char');
      const error = await failure(remote.get('x/eleven', { maxBytes: 10, signal: never }));
      expect(error.kind).toBe('too-large');
      expect(error.message).toContain(remote.shown);
    });

    it('takes no name that leads elsewhere', async () => {
      const remote = await opened((await makePlace()).open());
      for (const bad of [
        '../a',
        'a/../../b',
        '/a',
        'a//b',
        'a/',
        '',
        '.a',
        'a/.b',
        'a b',
        'a?b',
        'a%2fb',
        'é',
      ]) {
        await expect(get(remote, bad), bad).rejects.toThrow('not a name of a remote');
        await expect(remote.create(bad, bytesOf('x'), never), bad).rejects.toThrow('not a name of a remote');
      }
    });

    it('is ended by its signal, with its reason', async () => {
      const remote = await opened((await makePlace()).open());
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(get(remote, 'x/a', signal)).rejects.toThrow('enough');
      await expect(remote.create('x/a', bytesOf('x'), signal)).rejects.toThrow('enough');
      expect(await get(remote, 'x/a')).toBeNull();
    });

    const without = input.noReader == null ? '' : ` (left out: ${input.noReader})`;
    it.skipIf(without)(
      `reads where it may not write, and says which of the two it was${without}`,
      async () => {
        const place = await makePlace();
        const writer = await opened(place.open());
        await writer.create('x/a', bytesOf('first'), never);
        const reader = await opened(place.openReader());
        expect(textOf(await get(reader, 'x/a'))).toBe('first');
        expect(await get(reader, 'x/b')).toBeNull();
        const error = await failure(reader.create('x/b', bytesOf('mine'), never));
        expect(error.kind).toBe('forbidden');
        expect(error.message).toContain(reader.shown);
        expect(reader.canWrite).toBe('no');
        expect(await get(writer, 'x/b')).toBeNull();
      },
    );

    it.runIf(input.asksWho)(
      'tells wrong credentials apart from what is not there, and never what they are',
      async () => {
        const { wrong } = await makePlace();
        const remote = await opened(wrong!.open());
        for (const ask of [() => get(remote, 'x/a'), () => remote.create('x/a', bytesOf('x'), never)]) {
          const error = await failure(ask());
          expect(error.kind).toBe('unauthorized');
          expect(error.advice).not.toBeNull();
          const said = `${error.message} ${error.advice} ${error.stack} ${String(error.cause)} ${remote.shown}`;
          for (const secret of wrong!.secrets) expect(said).not.toContain(secret);
        }
        expect(remote.canWrite).toBe('no');
      },
    );
  });

  describe.runIf(input.hasLine)(`${name}: on a line that fails`, () => {
    const onLine = async (
      options: { readonly timeoutMs?: number } = {},
    ): Promise<{ readonly remote: RemoteFiles; readonly line: FaultyLine; readonly place: RemotePlace }> => {
      const place = await makePlace();
      return { remote: await opened(place.open(options)), line: place.line!, place };
    };

    it('sends again what was cut on its way', async () => {
      const { remote, line, place } = await onLine();
      const big = randomBytes(3_000_000);
      line.next({ kind: 'cut-asked', afterBytes: 1_000_000 }, { kind: 'cut-asked', afterBytes: 100 });
      expect(await remote.create('x/a', big, never)).toBe('made');
      expect(line.connections()).toBeGreaterThanOrEqual(3);
      expect(sha256((await get(await opened(place.open()), 'x/a'))!)).toBe(sha256(big));
    });

    it('reads again what was cut on its way', async () => {
      const { remote, line } = await onLine();
      const big = randomBytes(3_000_000);
      await remote.create('x/a', big, never);
      const fresh = await onLineAgain(remote, line);
      line.next({ kind: 'cut-answer', afterBytes: 500_000 }, { kind: 'cut-answer', afterBytes: 0 });
      expect(sha256((await get(fresh, 'x/a'))!)).toBe(sha256(big));
    });

    it('knows its own file again where the answer was lost, and only its own', async () => {
      const { remote, line, place } = await onLine();
      line.next({ kind: 'cut-answer', afterBytes: 0 });
      expect(await remote.create('x/mine', bytesOf('mine'), never)).toBe('made');
      expect(textOf(await get(remote, 'x/mine'))).toBe('mine');
      const other = await opened(place.open());
      await other.create('x/theirs', bytesOf('theirs'), never);
      const late = await opened(place.open());
      line.next({ kind: 'cut-answer', afterBytes: 0 });
      expect(await late.create('x/theirs', bytesOf('mine'), never)).toBe('there');
      expect(textOf(await get(late, 'x/theirs'))).toBe('theirs');
    });

    it('gives up a line that stays cut, and says so', async () => {
      const { remote, line } = await onLine();
      const cut = Array.from({ length: 20 }, () => ({ kind: 'cut-asked', afterBytes: 20 }) as const);
      line.next(...cut);
      const error = await failure(get(remote, 'x/a'));
      expect(error.kind).toBe('network');
      expect(line.connections()).toBe(4);
    });

    it('waits no longer than its time for a server that says nothing', async () => {
      const { remote, line } = await onLine({ timeoutMs: 300 });
      line.next({ kind: 'hang' }, { kind: 'hang' });
      expect((await failure(get(remote, 'x/a'))).kind).toBe('timeout');
      expect((await failure(remote.create('x/a', randomBytes(9_000_000), never))).kind).toBe('timeout');
      expect(line.connections()).toBe(2);
    });

    it('is ended by its signal while it waits', async () => {
      const { remote, line } = await onLine();
      const abort = new AbortController();
      line.next({ kind: 'hang' });
      const work = get(remote, 'x/a', abort.signal);
      const ended = expect(work).rejects.toThrow('enough');
      await line.hanging();
      abort.abort(new Error('enough'));
      await ended;
    });

    /** Connections that are kept open would go past the fault. */
    async function onLineAgain(remote: RemoteFiles, line: FaultyLine): Promise<RemoteFiles> {
      await remote[Symbol.asyncDispose]();
      expect(line.connections()).toBeGreaterThan(0);
      return remote;
    }
  });
}
