// What the page is served: itself, screens, what changed, and the one thing that it may hand in.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readPageFiles } from '../../src/viewer/page-files.ts';
import { serveViewer } from '../../src/viewer/serve.ts';
import { tempFolder } from '../rig/temp.ts';
import { makeView, startViewer, type TestViewer } from '../rig/viewer.ts';

describe('the page', () => {
  it('is one file for every address that is a page, with its script and style beside it', async () => {
    const { ask } = await startViewer(makeView());
    const index = await ask('/');
    expect(index.headers['content-type']).toBe('text/html; charset=utf-8');
    for (const page of ['/matrix', '/scenario?scenario=a%3Ab', '/review', '/no-such-screen'])
      expect([page, (await ask(page)).text]).toEqual([page, index.text]);
    const named = [...index.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, to]) => to!);
    expect(named).toEqual(['/icon.svg', '/page.css', '/page.js']);
    for (const file of named) expect([file, (await ask(file)).status]).toEqual([file, 200]);
    expect(index.text).not.toMatch(/<script>|<style|style=|onload|https?:/);
  });

  it('is not sent twice to a browser that has it, and is asked for by HEAD as by GET', async () => {
    const { ask } = await startViewer(makeView());
    const { headers, text } = await ask('/page.js');
    expect(headers['cache-control']).toBe('no-cache');
    const again = await ask('/page.js', { headers: { 'if-none-match': headers.etag! } });
    expect([again.status, again.text]).toEqual([304, '']);
    const head = await ask('/page.js', { method: 'HEAD' });
    expect([head.status, head.text]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBe(Buffer.byteLength(text));
  });

  it('is read from files that are ours: a link in their place is not followed, and is told', () => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'page'));
    writeFileSync(path.join(folder, 'secret'), 'a key');
    writeFileSync(path.join(folder, 'page/page.css'), '');
    symlinkSync(path.join(folder, 'secret'), path.join(folder, 'page/page.js'));
    const built = pathToFileURL(path.join(folder, 'page/'));
    expect(readPageFiles(built)).toEqual({
      kind: 'err',
      error: expect.stringMatching(/^the page cannot be read \(ELOOP.*install expgraph again/),
    });
    rmSync(path.join(folder, 'page/page.js'));
    expect(readPageFiles(built)).toEqual({ kind: 'err', error: expect.stringContaining('ENOENT') });
  });
});

describe('screens', () => {
  it('are what the view says, with a status of their own for each kind of refusal', async () => {
    const view = makeView({ matrix: { rows: 1 } });
    const { ask } = await startViewer(view);
    const { status, text, headers } = await ask('/api/matrix?search=a+b&tag=x&tag=y');
    expect([status, headers['content-type'], JSON.parse(text)]).toEqual([
      200,
      'application/json',
      { ok: true, value: { rows: 1 } },
    ]);
    expect(view.asked).toEqual(['matrix?search=a+b&tag=x&tag=y']);
    const kinds = ['withheld', 'not-found', 'bad-request', 'broken'] as const;
    for (const [at, kind] of kinds.entries()) {
      const refusing = {
        ...view,
        answer: async () => ({ ok: false as const, refusal: { kind, message: 'why' } }),
      };
      const answered = await (await startViewer(refusing)).ask('/api/plan');
      expect([answered.status, JSON.parse(answered.text)]).toEqual([
        [423, 404, 400, 500][at],
        { ok: false, refusal: { kind, message: 'why' } },
      ]);
    }
  });

  it('that cannot be read are refused in words, and the server goes on', async () => {
    const view = makeView({
      matrix: () => {
        throw new Error('index.db is damaged\u001b[2J');
      },
      plan: {},
    });
    const { ask } = await startViewer(view);
    const { status, text } = await ask('/api/matrix');
    expect([status, JSON.parse(text)]).toMatchObject([
      500,
      {
        ok: false,
        refusal: {
          kind: 'broken',
          message: expect.stringMatching(/^This could not be read: index\.db is damaged/),
        },
      },
    ]);
    expect(text).not.toContain('\u001b');
    expect(text).not.toContain('\\u001b');
    expect(text).not.toContain('.ts:');
    expect((await ask('/api/plan')).status).toBe(200);
  });
});

describe('what changed', () => {
  it('is told to every page that listens, a line each, beginning with how it stands now', async () => {
    const view = makeView();
    const viewer = await startViewer(view);
    view.change('second');
    const pages = await Promise.all([listen(viewer), listen(viewer), listen(viewer)]);
    for (const page of pages) expect(await page.next()).toEqual({ revision: 'second' });
    view.change('third');
    for (const page of pages) expect(await page.next()).toEqual({ revision: 'third' });
  });

  it('is not told any more to a page that has gone, nor to who asked for the head alone', async () => {
    const view = makeView();
    const viewer = await startViewer(view);
    const [stays, leaves] = [await listen(viewer), await listen(viewer)];
    await Promise.all([stays.next(), leaves.next()]);
    expect(view.listeners()).toBe(2);
    leaves.leave();
    await expect.poll(view.listeners).toBe(1);
    expect((await viewer.ask('/api/changes', { method: 'HEAD' })).status).toBe(200);
    expect(view.listeners()).toBe(1);
    view.change('second');
    expect(await stays.next()).toEqual({ revision: 'second' });
  });

  it('ends with the server, which waits for nobody', async () => {
    const view = makeView();
    const viewer = await startViewer(view);
    const page = await listen(viewer);
    await page.next();
    await viewer[Symbol.asyncDispose]();
    expect(await page.next()).toBeNull();
    expect(view.listeners()).toBe(0);
  });
});

describe('a verdict', () => {
  const VERDICT = { card: 'c001', look: 1, labels: { naturalness: 'good' } };

  function reader() {
    const saved: unknown[] = [];
    const save = async (verdict: unknown) => {
      saved.push(verdict);
      return { ok: true as const, saved: { revision: saved.length } };
    };
    return { saved, save };
  }

  const sent = ({ port }: TestViewer, more: Readonly<Record<string, string>> = {}) => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: `http://127.0.0.1:${port}`, ...more },
    body: JSON.stringify(VERDICT),
  });

  it('is handed on as it is, and answered with what was kept', async () => {
    const { saved, save } = reader();
    const viewer = await startViewer(makeView(), save);
    const { status, text } = await viewer.ask('/api/review/verdict', sent(viewer));
    expect([status, JSON.parse(text), saved]).toEqual([200, { ok: true, saved: { revision: 1 } }, [VERDICT]]);
  });

  it('that is refused by whoever keeps it says why', async () => {
    const viewer = await startViewer(makeView(), async () => ({
      ok: false,
      message: 'there is no card c001',
    }));
    const { status, text } = await viewer.ask('/api/review/verdict', sent(viewer));
    expect([status, JSON.parse(text)]).toEqual([400, { ok: false, message: 'there is no card c001' }]);
  });

  it('has no address where nobody judges', async () => {
    const viewer = await startViewer(makeView());
    expect((await viewer.ask('/api/review/verdict', sent(viewer))).status).toBe(404);
  });

  it('is not taken from another page, without an origin, as a form, by GET, as no JSON, or of any size', async () => {
    const { saved, save } = reader();
    const viewer = await startViewer(makeView(), save);
    const { origin: _, ...unsaid } = sent(viewer).headers;
    const attempts: readonly (readonly [number, object])[] = [
      [403, sent(viewer, { origin: 'https://evil.example' })],
      [403, sent(viewer, { origin: 'null' })],
      [403, sent(viewer, { 'sec-fetch-site': 'cross-site' })],
      [403, { ...sent(viewer), headers: unsaid }],
      [415, sent(viewer, { 'content-type': 'text/plain' })],
      [415, sent(viewer, { 'content-type': 'application/x-www-form-urlencoded' })],
      [415, sent(viewer, { 'content-type': 'application/jsonp' })],
      [405, { headers: sent(viewer).headers }],
      [405, { ...sent(viewer), method: 'PUT' }],
      [400, { ...sent(viewer), body: '{"card":' }],
      [413, { ...sent(viewer), body: JSON.stringify({ note: 'x'.repeat(65_536) }) }],
      [413, { ...sent(viewer, { 'transfer-encoding': 'chunked' }), body: `"${'x'.repeat(300_000)}"` }],
      [401, sent(viewer, { authorization: 'Bearer wrong' })],
    ];
    for (const [status, options] of attempts) {
      const answered = await viewer.ask('/api/review/verdict', options);
      expect([answered.status, JSON.parse(answered.text)]).toMatchObject([
        status,
        { ok: false, message: expect.stringMatching(/\.$/) },
      ]);
    }
    expect(saved).toEqual([]);
  });
});

it('a port that is taken is said in words, with what to do', async () => {
  const { port } = await startViewer(makeView());
  expect(await serveViewer({ view: makeView(), port, saveVerdict: null })).toEqual({
    kind: 'err',
    error: `port ${port} is in use, perhaps by another expgraph view: name another one with --port, or leave it out for a free one`,
  });
});

/** A page that listens. */
async function listen({ port, token }: Pick<TestViewer, 'port' | 'token'>): Promise<{
  /** null = the stream has ended. */
  next(): Promise<unknown>;
  leave(): void;
}> {
  const headers = { authorization: `Bearer ${token}` };
  const asked = request({ host: '127.0.0.1', port, path: '/api/changes', headers });
  onTestFinished(() => {
    asked.destroy();
  });
  const lines = new Promise<AsyncIterator<string>>((resolve, reject) => {
    asked.on('error', reject).on('response', (response) => resolve(linesOf(response.setEncoding('utf8'))));
  });
  asked.end();
  const iterator = await lines;
  return {
    async next() {
      const { value, done } = await iterator.next().catch(() => ({ value: '', done: true }));
      return done ? null : JSON.parse(value);
    },
    leave: () => asked.destroy(),
  };
}

async function* linesOf(texts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of texts) {
    rest += text;
    for (let end = rest.indexOf('\n'); end !== -1; end = rest.indexOf('\n')) {
      yield rest.slice(0, end);
      rest = rest.slice(end + 1);
    }
  }
}
