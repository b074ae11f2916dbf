// Pages of others, open in the same browser as ours, in a real one: what they try, and what it comes to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { inBrowser } from '../rig/browser.ts';
import { REBOUND } from '../rig/chromium.ts';
import { makeView, startViewer } from '../rig/viewer.ts';

inBrowser('a page of somebody else', (visit) => {
  // Under another port of the same name, which is the same site to a browser and where a cookie would be sent, and under
  // another name.
  test.each(['127.0.0.1', 'localhost'])(
    'on %s can read nothing and write nothing, even with the token',
    async (name) => {
      const view = makeView({ experiment: {}, matrix: {} });
      const saved: unknown[] = [];
      const viewer = await startViewer(view, async (verdict) => {
        saved.push(verdict);
        return { ok: true, saved: {} };
      });
      const { page } = await visit(await strangersPage(name));

      const came = await page.evaluate(tryAll, {
        ours: `http://127.0.0.1:${viewer.port}`,
        token: viewer.token,
      });

      expect(came).toEqual({
        reading: 'refused',
        readingWithToken: 'refused',
        readingBlindly: 'refused',
        posting: 'refused',
        postingBlindly: 'refused',
        form: 'sent',
        script: 'refused',
        picture: 'refused',
        opened: 'cannot be looked into',
      });
      const frame = page.frames().find((one) => one !== page.mainFrame() && one.name() === 'framed');
      expect(await frame!.evaluate(() => document.querySelector('#app') === null)).toBe(true);
      expect([view.asked, saved]).toEqual([[], []]);
    },
  );

  test('under a name that was made to mean this machine is a refusal, in words', async () => {
    const view = makeView({ matrix: {} });
    const viewer = await startViewer(view);
    const { page, requests } = await visit(`http://${REBOUND}:${viewer.port}/`);
    expect(await page.textContent('body')).toContain('asked for under another name');
    const status = await page.evaluate(
      async (token) => (await fetch('/api/matrix', { headers: { authorization: `Bearer ${token}` } })).status,
      viewer.token,
    );
    expect(status).toBe(403);
    expect(requests.some((url) => url.endsWith('/page.js'))).toBe(false);
    expect(view.asked).toEqual([]);
  });

  test('that links to ours opens it, without a token and without a way back', async () => {
    const viewer = await startViewer(makeView());
    const { page } = await visit(await strangersPage('localhost'));
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      page.evaluate((to) => {
        const link = document.createElement('a');
        link.href = to;
        link.target = '_blank';
        link.rel = 'opener';
        document.body.append(link);
        link.click();
      }, `http://127.0.0.1:${viewer.port}/matrix`),
    ]);
    await opened.waitForSelector('[role=alert]');
    expect(await opened.textContent('[role=alert]')).toContain('Open the address that it printed');
    expect(await opened.evaluate(() => window.opener === null)).toBe(true);
  });
});

/** What runs in the page of somebody else. */
async function tryAll({ ours, token }: { readonly ours: string; readonly token: string }) {
  const tried = async (what: () => Promise<string>): Promise<string> => what().catch(() => 'refused');
  const authorization = `Bearer ${token}`;
  const told = (response: Response) =>
    response.type === 'opaque' ? 'nothing is told' : `${response.status}`;
  const element = async (tag: 'script' | 'img', src: string): Promise<string> => {
    const made = document.createElement(tag);
    const came = new Promise<string>((resolve) => {
      made.onload = () => resolve('loaded');
      made.onerror = () => resolve('refused');
    });
    made.src = src;
    document.body.append(made);
    return came;
  };
  const frame = (name: string): HTMLIFrameElement => {
    const made = document.createElement('iframe');
    made.name = name;
    document.body.append(made);
    return made;
  };
  const framed = frame('framed');
  const frameLoaded = new Promise<void>((resolve) => {
    framed.onload = () => resolve();
  });
  framed.src = `${ours}/`;
  await frameLoaded;
  const target = frame('target');
  const form = document.createElement('form');
  Object.assign(form, {
    method: 'post',
    enctype: 'text/plain',
    action: `${ours}/api/review/verdict`,
    target: 'target',
  });
  const field = document.createElement('input');
  Object.assign(field, { name: '{"card":"c001","x":"', value: '"}' });
  form.append(field);
  document.body.append(form);
  const formSent = new Promise<string>((resolve) => {
    target.onload = () => resolve('sent');
  });
  form.submit();
  const opened = window.open(`${ours}/`);
  return {
    reading: await tried(async () => told(await fetch(`${ours}/api/matrix`))),
    readingWithToken: await tried(async () =>
      told(await fetch(`${ours}/api/matrix`, { headers: { authorization } })),
    ),
    readingBlindly: await tried(async () => told(await fetch(`${ours}/api/matrix`, { mode: 'no-cors' }))),
    posting: await tried(async () => {
      const headers = { authorization, 'content-type': 'application/json' };
      return told(await fetch(`${ours}/api/review/verdict`, { method: 'POST', headers, body: '{}' }));
    }),
    postingBlindly: await tried(async () =>
      told(await fetch(`${ours}/api/review/verdict`, { method: 'POST', mode: 'no-cors', body: '{}' })),
    ),
    form: await formSent,
    script: await element('script', `${ours}/page.js`),
    picture: await element('img', `${ours}/icon.svg`),
    opened: await tried(async () => {
      for (let tries = 0; tries < 100 && opened !== null && !opened.closed; tries++) {
        try {
          if (opened.location.href.startsWith(ours)) return 'can be looked into';
        } catch {
          return 'cannot be looked into';
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return 'cannot be looked into';
    }),
  };
}

async function strangersPage(name: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<link rel=icon href="data:,"><p>elsewhere</p>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://${name}:${(server.address() as AddressInfo).port}/`;
}
