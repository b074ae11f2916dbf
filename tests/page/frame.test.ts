// What stands around every screen, in a real browser: ways, focus, titles, and what is said where a screen is not shown.
import { expect, test } from 'vitest';
import type { ExperimentScreen } from '../../src/screens/experiment.ts';
import type { MatrixScreen } from '../../src/screens/matrix.ts';
import { serveViewer } from '../../src/viewer/serve.ts';
import { axeFindings } from '../rig/axe.ts';
import { inBrowser, type Page } from '../rig/browser.ts';
import { manyCells } from '../rig/many-cells.ts';
import { startViewer } from '../rig/viewer.ts';

const FEW = { scenarios: 10, variants: 2, runs: 1 };

const focusedOn = (page: Page): Promise<string> =>
  page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || '');

inBrowser('the frame of the page', (visit) => {
  test('is gone through by keys: past the ways, and to the beginning of a screen that was chosen', async () => {
    const viewer = await startViewer(manyCells(FEW));
    const { page } = await visit(viewer.address('/'));
    await page.locator('.mx-row').nth(9).waitFor();
    await page.keyboard.press('Tab');
    expect(await focusedOn(page)).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await focusedOn(page)).toBe('main');
    await page.keyboard.press('Tab');
    expect(await focusedOn(page)).toBe('mx-search');
    expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual([
      'Matrix',
      'Compare',
      'Plan',
      'Invocations',
      'Timeline',
    ]);
    await page.getByRole('link', { name: 'Plan' }).press('Enter');
    await expect.poll(() => page.title()).toBe('Plan · many-cells');
    expect(await page.getByRole('link', { name: 'Plan' }).getAttribute('aria-current')).toBe('page');
    await expect.poll(() => focusedOn(page)).toBe('main');
    await page.goBack();
    await expect.poll(() => page.title()).toBe('Matrix · many-cells');
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Plan' }).click({ modifiers: ['ControlOrMeta'] });
    expect(new URL((await opened).url()).pathname).toBe('/plan');
    expect(new URL(page.url()).pathname).toBe('/');
  });

  test('says so where there is no such page, and has the ways on', async () => {
    const viewer = await startViewer(manyCells(FEW));
    const { page, troubles } = await visit(viewer.address('/matrices'));
    await page.getByText('There is no such page.').waitFor();
    expect(await page.title()).toBe('No such page · many-cells');
    await page.getByRole('link', { name: 'Matrix' }).click();
    await page.locator('.mx-row').nth(9).waitFor();
    expect(troubles).toEqual([]);
  });

  test('while a blind review is open shows why nothing is shown, and the way to it', async () => {
    const { answer, ...view } = manyCells(FEW);
    const message = 'The blind review deck-1 is open: expgraph review close opens its key.';
    const viewer = await startViewer({
      ...view,
      async answer(name, query) {
        const given = await answer(name, query);
        if (name === 'experiment' && given.ok)
          return { ok: true, value: { ...given.value, review: { id: 'deck-1', isUnblinded: false } } };
        return { ok: false, refusal: { kind: 'withheld', message } };
      },
    });
    const { page } = await visit(viewer.address('/'), { bypassCSP: true });
    await page.getByText(message).waitFor();
    expect(await page.locator('.mx').count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('link', { name: 'Read and judge' }).click();
    await expect.poll(() => page.title()).toBe('Review · many-cells');
  });

  test('goes on by itself once the address of a server that was started anew is opened in another window', async () => {
    const first = await startViewer(manyCells(FEW));
    const { page } = await visit(first.address('/plan'));
    await page.getByRole('alert').filter({ hasText: 'there is no plan' }).waitFor();
    await first[Symbol.asyncDispose]();
    await page.getByText('not connected: is expgraph view running?').waitFor();
    await page.getByRole('link', { name: 'Matrix' }).click();
    await page
      .getByRole('alert')
      .filter({ hasText: 'starts it again, and this page goes on by itself' })
      .waitFor();
    const started = await serveViewer({ view: manyCells(FEW), port: first.port, saveVerdict: null });
    if (started.kind === 'err') throw new Error(started.error);
    await using second = started.value;
    await page.getByText('no access: open the printed address').waitFor();
    const other = await page.context().newPage();
    await other.goto(second.address('/'));
    await other.locator('.mx-row').nth(9).waitFor();
    await page.bringToFront();
    await page.locator('.mx-row').nth(9).waitFor();
    expect(await page.locator('.live').textContent()).toBe('');
  });

  test('shows how far a run of somebody else is, as it goes on', async () => {
    const { answer, ...view } = manyCells(FEW);
    let running: ExperimentScreen['running'] = null;
    const listeners = new Set<(revision: string) => void>();
    const viewer = await startViewer({
      ...view,
      async answer(name, query) {
        const given = await answer(name, query);
        return name === 'experiment' && given.ok ? { ok: true, value: { ...given.value, running } } : given;
      },
      onChange(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    const { page, troubles } = await visit(viewer.address('/'));
    await page.locator('.mx-row').nth(9).waitFor();
    const live = page.locator('.live');
    expect(await live.textContent()).toBe('');
    running = { invocation: '0002-20261129T031519Z', done: 48, total: 120 };
    for (const tell of listeners) tell('second');
    await expect.poll(() => live.textContent()).toBe('running 48/120');
    expect(await page.getByRole('progressbar', { name: 'running 48/120' }).getAttribute('value')).toBe('48');
    running = null;
    for (const tell of listeners) tell('third');
    await expect.poll(() => live.textContent()).toBe('');
    expect(troubles).toEqual([]);
  });

  test('takes names for names: markup, signs of an address, what turns the writing around', async () => {
    const names = [
      '<img src=x onerror="alert(1)">',
      'a&b=c#d?e/../f%41+g',
      '\u202eright to left\u202c',
      '__proto__',
      'two\nlines',
    ];
    const { answer, ...view } = manyCells({ scenarios: names.length, variants: 1, runs: 1 });
    const viewer = await startViewer({
      ...view,
      async answer(name, query) {
        const given = await answer(name, query);
        if (name !== 'matrix' || !given.ok) return given;
        const screen = given.value as MatrixScreen;
        const rows = screen.rows.map((row, at) => ({
          ...row,
          scenario: names[at]!,
          description: names[at]!,
        }));
        return { ok: true, value: { ...screen, rows } } as unknown as typeof given;
      },
    });
    const { page, troubles } = await visit(viewer.address('/matrix?sort=scenario'));
    await page
      .locator('.mx-row')
      .nth(names.length - 1)
      .waitFor();
    expect(await page.locator('.mx-row .mx-name').allTextContents()).toEqual(names);
    expect(await page.locator('main img').count()).toBe(0);
    for (const [at, name] of names.entries()) {
      const link = page.locator('.mx-row .mx-name a').nth(at);
      const { pathname, searchParams } = new URL((await link.getAttribute('href'))!, page.url());
      expect([pathname, searchParams.get('scenario'), searchParams.getAll('scenario').length]).toEqual([
        '/scenario',
        name,
        1,
      ]);
    }
    expect(troubles).toEqual([]);
  });
});
