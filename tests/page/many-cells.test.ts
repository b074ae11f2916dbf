// A matrix of 100,002 cells in a real browser: what is drawn is what is seen, what is asked for is what is seen, and a jump lands on
// the right rows. How quickly it scrolls is a row of the benches (bench/viewer.ts).
import { expect, test } from 'vitest';
import { axeFindings } from '../rig/axe.ts';
import { inBrowser, type Page } from '../rig/browser.ts';
import { manyCells } from '../rig/many-cells.ts';
import { startViewer } from '../rig/viewer.ts';

/** Names of the rows that stand between the heads and the lower edge, in their order on the screen. */
const seen = (page: Page): Promise<readonly string[]> =>
  page.locator('.mx-grid').evaluate((grid) => {
    const { bottom } = grid.getBoundingClientRect();
    const top = grid.querySelector('.mx-ghead')!.getBoundingClientRect().bottom;
    return [...grid.querySelectorAll('.mx-row')]
      .map((row) => ({ box: row.getBoundingClientRect(), name: row.querySelector('.mx-name')!.textContent! }))
      .filter(({ box }) => box.top >= top && box.bottom <= bottom)
      .sort((a, b) => a.box.top - b.box.top)
      .map(({ name }) => name);
  });

const nodes = (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);

inBrowser('100,002 cells', (visit) => {
  test('are a list of which some rows are drawn and asked for, wherever the reader jumps', async () => {
    const view = manyCells({ scenarios: 16_667, variants: 2, runs: 3 });
    const viewer = await startViewer(view);
    const { page, troubles } = await visit(viewer.address('/'));
    await page.locator('.mx-name a', { hasText: /^case-0$/ }).waitFor();
    const grid = page.getByRole('grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe('16673');
    expect(await nodes(page)).toBeLessThan(1_500);
    expect(view.asked.map((query) => [query.get('offset') ?? '0', query.get('limit')])).toEqual([
      ['0', '100'],
    ]);
    expect((await seen(page)).slice(0, 3)).toEqual(['case-0', 'case-1', 'case-2']);

    await page.keyboard.press('G');
    await expect.poll(async () => (await seen(page)).at(-1)).toBe('case-16666');
    expect(await page.getByRole('row').last().getAttribute('aria-rowindex')).toBe('16673');
    expect(view.asked.length).toBeLessThan(5);

    // Row 8,000 stands behind 2 heads of groups beside its own: lines of 24 px each.
    await grid.evaluate((one) => one.scrollTo({ top: (8_000 + 3) * 24 }));
    await expect.poll(() => seen(page)).toContain('case-8010');
    const rows = await seen(page);
    expect(rows).toEqual(rows.map((_, at) => `case-${Number(rows[0]!.slice(5)) + at}`));
    expect(await page.locator('.mx-row', { hasText: 'case-8010' }).getAttribute('aria-rowindex')).toBe(
      '8015',
    );
    // The heads say where one is, and the cell that has the focus is still there.
    expect(
      await page.evaluate(() => document.activeElement?.closest('[data-row]')?.getAttribute('data-row')),
    ).toBe('16666');
    expect(await nodes(page)).toBeLessThan(1_500);

    // Dragged past forty windows: those that nobody stopped at are not waited for.
    const before = view.asked.length;
    await grid.evaluate(async (one) => {
      for (let top = 0; top < 240_000; top += 6_000) {
        one.scrollTo({ top });
        await new Promise((resolve) => requestAnimationFrame(resolve));
      }
    });
    await expect.poll(async () => (await seen(page)).includes('')).toBe(false);
    expect(view.asked.length - before).toBeLessThan(60);
    expect(troubles).toEqual([]);
  });

  test('in many columns are drawn as far as they are seen, and names stay at the edge', async () => {
    const viewer = await startViewer(manyCells({ scenarios: 420, variants: 60, runs: 4 }));
    const { page, troubles } = await visit(viewer.address('/'));
    await page.locator('.mx-cell[data-column="0"]').first().waitFor();
    for (const key of ['j', 'End']) await page.keyboard.press(key);
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-colindex')))
      .toBe('61');
    const last = page.locator('.mx-heads .mx-cell').last();
    expect(await last.innerText()).toContain('variant-59');
    expect(await page.locator('.mx-heads .mx-cell').count()).toBeLessThan(20);
    const name = await page.locator('.mx-row .mx-name').first().boundingBox();
    expect(name?.x).toBe(0);
    expect(troubles).toEqual([]);
  });

  test('of many runs are summed up, and say the same to who cannot see it', async () => {
    const viewer = await startViewer(manyCells({ scenarios: 20, variants: 2, runs: 20 }));
    const { page, troubles } = await visit(viewer.address('/'), { bypassCSP: true });
    const cell = page.locator('[data-row="0"] [data-column="0"]');
    await cell.locator('.mx-sum').waitFor();
    const drawn = await cell
      .locator('.mx-sum *')
      .evaluateAll((parts) =>
        (parts as HTMLElement[]).map(({ dataset }) => `${dataset.shape ?? ''}${dataset.value}`),
      );
    expect(drawn).toEqual(['✓17', '✗2', '!1', '≠2']);
    expect(await cell.getAttribute('aria-label')).toBe(
      'variant-0: 17 passed, 2 did not pass, 1 no answer: the call failed, 2 different answers',
    );
    await page.getByRole('button', { name: 'tokens' }).click();
    await expect.poll(() => cell.locator('.mx-sum').getAttribute('data-value')).toMatch(/^⌀ 1,\d{3}$/);
    expect(await axeFindings(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });
});
