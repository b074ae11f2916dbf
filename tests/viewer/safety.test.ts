// What the server of the page does not do for anybody: asked over HTTP by whoever likes, browsers and programs.
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { makeView, startViewer } from '../rig/viewer.ts';

describe('the name that it is asked for under', () => {
  it.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('may be %s', async (name) => {
    const { ask, port } = await startViewer(makeView({ matrix: {} }));
    for (const path of ['/', '/page.js', '/api/matrix'])
      expect((await ask(path, { headers: { host: `${name}:${port}` } })).status).toBe(200);
  });

  it.each([
    'evil.example:PORT',
    'evil.example',
    '127.0.0.1',
    'localhost',
    '127.0.0.1:1',
    '127.0.0.1.evil.example:PORT',
    'localhost.:PORT',
    'user@127.0.0.1:PORT',
    '127.0.0.1:PORT@evil.example',
    '127.0.0.1:PORT,evil.example',
    '0.0.0.0:PORT',
    '127.1:PORT',
    '2130706433:PORT',
  ])('may not be %j: a rebound name is refused, whatever is asked for', async (host) => {
    const view = makeView({ matrix: {} });
    const { ask, port } = await startViewer(view);
    for (const path of ['/', '/page.js', '/api/matrix', '/api/changes', '/nothing']) {
      const { status, text, headers } = await ask(path, {
        headers: { host: host.replace('PORT', `${port}`) },
      });
      expect([400, 403]).toContain(status);
      expect(text).not.toContain('<script');
      expect(headers['content-security-policy']).toContain("default-src 'none'");
    }
    expect(view.asked).toEqual([]);
  });

  it('is said in words where it is another one, with what to do about a port that is forwarded', async () => {
    const { ask, port } = await startViewer(makeView());
    const { status, text } = await ask('/', { headers: { host: 'evil.example' } });
    expect([status, text]).toEqual([
      403,
      `This page is served to http://127.0.0.1:${port} (or localhost) alone, and was asked for under another name. A port that is forwarded has to keep its number: ssh -L ${port}:127.0.0.1:${port}\n`,
    ]);
  });

  it('stands in the request line as well: an absolute address of another host is refused', async () => {
    const view = makeView({ matrix: {} });
    const { port, token } = await startViewer(view);
    const answer = await raw(port, [
      'GET http://evil.example/api/matrix HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      `Authorization: Bearer ${token}`,
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
    for (const none of [['GET / HTTP/1.0'], ['GET / HTTP/1.1'], ['GET / HTTP/1.1', 'Host:']])
      expect(await raw(port, none)).toMatch(/^HTTP\/1\.1 400 /);
    const twice = ['GET / HTTP/1.1', 'Host: evil.example', `Host: 127.0.0.1:${port}`];
    expect(await raw(port, twice)).toMatch(/^HTTP\/1\.1 40[03] /);
    expect(view.asked).toEqual([]);
  });
});

describe('the token', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['one as a cookie', { authorization: '', cookie: 'token=TOKEN' }],
    ['one under another scheme', { authorization: 'Basic TOKEN' }],
    ['one and a letter more', { authorization: 'Bearer TOKENx' }],
    ['none but an empty one', { authorization: 'Bearer ' }],
  ])('is asked for with every screen and every verdict: %s is not enough', async (_, given) => {
    const view = makeView({ matrix: {} });
    const saved: unknown[] = [];
    const { ask, token, port } = await startViewer(view, async (verdict) => {
      saved.push(verdict);
      return { ok: true, saved: {} };
    });
    const headers = Object.fromEntries(
      Object.entries({ authorization: '', ...given }).map(([name, value]) => [
        name,
        value.replace('TOKEN', token),
      ]),
    );
    const json = { 'content-type': 'application/json', origin: `http://127.0.0.1:${port}` };
    const answers = [
      await ask('/api/matrix', { headers }),
      await ask('/api/changes', { headers }),
      await ask('/api/nothing', { headers }),
      await ask('/api/review/verdict', { method: 'POST', headers: { ...headers, ...json }, body: '{}' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 401]);
    expect(JSON.parse(answers[0]!.text)).toMatchObject({
      ok: false,
      refusal: { kind: 'unauthorized', message: expect.stringContaining('open the address') },
    });
    expect([view.asked, view.listeners(), saved]).toEqual([[], 0, []]);
  });

  it('is another one at each start, and is in nothing that the page is served', async () => {
    const one = await startViewer(makeView());
    const other = await startViewer(makeView());
    expect(one.token).toMatch(/^[\w-]{43}$/);
    expect(one.token).not.toBe(other.token);
    for (const path of ['/', '/page.js', '/page.css', '/icon.svg'])
      expect((await one.ask(path)).text).not.toContain(one.token);
  });

  it('is asked for under every spelling of the address that is routed to a screen', async () => {
    const view = makeView({ matrix: {} });
    const { ask } = await startViewer(view);
    const spellings = ['/%61pi/matrix', '/api%2fmatrix', '//api/matrix', '/./api/matrix', '/x/../api/matrix'];
    for (const path of [...spellings, '/API/matrix', '/api/%6datrix', '/api//matrix']) {
      const { status } = await ask(path, { headers: { authorization: '' } });
      expect([path, status >= 400]).toEqual([path, true]);
    }
    expect(view.asked).toEqual([]);
  });
});

describe('the address that a browser is started with', () => {
  const once = async () => {
    const viewer = await startViewer(makeView());
    const address = new URL(viewer.addressOnce('/matrix?tag=x'));
    expect(address.href).not.toContain(viewer.token);
    return { ...viewer, path: address.pathname };
  };

  it('has no token in it, and leads once to the one that has', async () => {
    const { ask, path, token } = await once();
    expect((await ask(path, { method: 'HEAD' })).headers.location).toBeUndefined();
    const { status, headers } = await ask(path, { headers: { authorization: '' } });
    expect([status, headers.location, headers['cache-control']]).toEqual([
      303,
      `/matrix?tag=x#token=${token}`,
      'no-store',
    ]);
    const again = await ask(path);
    expect([again.status, again.headers.location]).toEqual([410, undefined]);
    expect(again.text).toContain('Open the one that the command printed');
  });

  it('is not followed for another page, nor under another name, and cannot be guessed', async () => {
    const { ask, path } = await once();
    const framed = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
    expect((await ask(path, { headers: framed })).status).toBe(403);
    expect((await ask(path, { headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await ask('/open/__proto__')).status).toBe(410);
    expect((await ask(path)).status).toBe(303);
  });
});

describe('another page in the browser', () => {
  it('is not answered: what browsers say of it tells it from ours', async () => {
    const view = makeView({ matrix: {} });
    const { ask, port } = await startViewer(view);
    const own = `http://127.0.0.1:${port}`;
    const strangers = [
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `https://127.0.0.1:${port}` },
      { origin: `http://localhost:${port}` },
      { origin: 'http://127.0.0.1:1' },
      { origin: `${own}.evil.example` },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' },
    ];
    for (const headers of strangers) {
      const { status, headers: given } = await ask('/api/matrix', { headers });
      expect(status).toBe(403);
      expect(Object.keys(given).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
    expect(view.asked).toEqual([]);
    const ours = { origin: own, 'sec-fetch-site': 'same-origin' };
    expect((await ask('/api/matrix', { headers: ours })).status).toBe(200);
  });

  it('may link to a page of ours, but not frame it, nor load its files', async () => {
    const { ask } = await startViewer(makeView());
    const from = (dest: string, mode: string) => ({
      headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
    });
    expect((await ask('/scenario', from('document', 'navigate'))).status).toBe(200);
    expect((await ask('/scenario', from('iframe', 'navigate'))).status).toBe(403);
    expect((await ask('/', from('object', 'navigate'))).status).toBe(403);
    expect((await ask('/page.js', from('script', 'no-cors'))).status).toBe(403);
  });

  it('cannot ask first whether it may: no other method than those for reading and the verdict', async () => {
    const view = makeView({ matrix: {} });
    const { ask } = await startViewer(view);
    for (const method of ['OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'POST']) {
      for (const path of ['/', '/api/matrix', '/page.js', '/api/changes']) {
        const { status, headers } = await ask(path, { method });
        expect([method, path, status, headers.allow]).toEqual([method, path, 405, 'GET, HEAD']);
      }
    }
    expect(view.asked).toEqual([]);
  });
});

describe('paths and parameters', () => {
  const HOSTILE = [
    '..',
    '../../etc/passwd',
    '..%2f..%2fetc%2fpasswd',
    '%2e%2e/%2e%2e/package.json',
    '%252e%252e%252fpackage.json',
    '..\\..\\package.json',
    '/etc/passwd',
    'C:\\windows\\win.ini',
    'file:///etc/passwd',
    'page.js/../../../package.json',
    'page.js%00.png',
    'chunks/common.js',
    'page.js.map',
    '%ff%fe',
    '%',
  ];

  it.each(HOSTILE)('are never files: %s leads nowhere, in front and behind', async (path) => {
    const { ask } = await startViewer(makeView());
    const index = (await ask('/')).text;
    for (const before of ['/', '/page/', '/api/', '/api/scenario/', '/dist/']) {
      const { status, text } = await ask(`${before}${path.replace(/^\//, '')}`);
      expect(text === index || status === 400 || status === 404, `${before}${path}: ${status}`).toBe(true);
      expect(text).not.toMatch(/root:|"dependencies"|import /);
    }
  });

  it.each(HOSTILE)('are handed to the view as words and nothing else: %s', async (word) => {
    const view = makeView({ scenario: {} });
    const { ask } = await startViewer(view);
    const { status } = await ask(`/api/scenario?scenario=${encodeURIComponent(word)}`);
    expect(status).toBe(200);
    expect(view.asked).toEqual([`scenario?${new URLSearchParams({ scenario: word })}`]);
  });

  it('with a NUL are no words of anything', async () => {
    const view = makeView({ scenario: {} });
    const { ask } = await startViewer(view);
    for (const query of ['scenario=a%00b', 'a%00b=c'])
      expect((await ask(`/api/scenario?${query}`)).status).toBe(400);
    expect(view.asked).toEqual([]);
  });

  it('that are longer than any are refused before they are read', async () => {
    const { ask } = await startViewer(makeView({ matrix: {} }));
    expect((await ask(`/api/matrix?search=${'x'.repeat(20_000)}`)).status).toBe(431);
  });

  it('of objects that every object has are no screens', async () => {
    const { ask } = await startViewer(makeView());
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
      expect((await ask(`/api/${name}`)).status).toBe(404);
  });
});

it('every answer says what a browser may do with it: nothing of anybody else, and keeps no screen', async () => {
  const view = makeView({ matrix: {} });
  const { ask } = await startViewer(view);
  for (const path of [
    '/',
    '/page.js',
    '/page.css',
    '/nowhere/at/all',
    '/api/matrix',
    '/api/plan',
    '/api/x',
  ]) {
    const { headers } = await ask(path);
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob:; media-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/,
      ),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(Object.keys(headers).filter((name) => /^access-control|^set-cookie/.test(name))).toEqual([]);
    if (path.startsWith('/api/')) expect(headers['cache-control']).toBe('no-store');
  }
});

/** Sent as it stands. @returns the answer, head and all */
async function raw(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  let text = '';
  for await (const more of socket) text += more;
  return text;
}
