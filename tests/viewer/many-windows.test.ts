// Many windows of one experiment: people open a link in a new tab for each answer that they want to come back to.
import { expect, test } from 'vitest';
import { inBrowser } from '../rig/browser.ts';
import { makeView, startViewer } from '../rig/viewer.ts';

/** A browser opens six connections to one address and no more. */
const WINDOWS = 9;

inBrowser('windows of one experiment', (visit) => {
  test('are as many as one likes: all are answered, and all are told of changes', async () => {
    const view = makeView();
    const viewer = await startViewer(view);
    const { page, troubles } = await visit(viewer.address('/'));
    const pages = [page];
    while (pages.length < WINDOWS) {
      const next = await page.context().newPage();
      await next.goto(`http://127.0.0.1:${viewer.port}/matrix`, { waitUntil: 'commit' });
      pages.push(next);
    }
    for (const one of pages) await one.waitForSelector('text=there is no experiment');
    await expect.poll(view.listeners).toBe(1);

    const asked = view.asked.length;
    view.change('second');
    await expect.poll(() => view.asked.length).toBe(asked + WINDOWS);

    // The one that listened for all is closed: another one does.
    await page.close();
    await expect.poll(view.listeners).toBe(1);
    view.change('third');
    await expect.poll(() => view.asked.length).toBeGreaterThanOrEqual(asked + 2 * WINDOWS - 1);
    expect(troubles.filter((one) => !one.includes('404'))).toEqual([]);
  });
});
