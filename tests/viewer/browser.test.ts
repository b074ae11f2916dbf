import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { inBrowser } from '../rig/browser.ts';

inBrowser('a test in a browser', (visit) => {
  test('is told of what went wrong on a page: scripts, dialogs, requests that leave', async () => {
    const url = await serve(`<link rel=icon href="data:,"><p>here</p><script>
      alert('open'); console.error('said'); fetch('http://127.0.0.1:9/away').catch(() => {}); throw new Error('thrown');
    </script>`);

    const { page, troubles } = await visit(url);

    expect(await page.textContent('p')).toBe('here');
    await expect
      .poll(() => troubles.map((one) => one.split(':')[0]).sort())
      .toEqual(['console', 'console', 'dialog', 'error', 'failed', 'leaves']);
  });
});

async function serve(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end(html);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
