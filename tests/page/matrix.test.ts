// The matrix in a real browser, served by the real program: what is seen, what keys do, and what the address says.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from '../rig/axe.ts';
import { inBrowser, type Page, PHONE } from '../rig/browser.ts';
import { ranSample } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { program } from '../rig/program.ts';
import { type ServedView, serveView } from '../rig/served.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
let view: ServedView;

beforeAll(async () => {
  await ranSample(folder);
  view = await serveView(folder);
});
afterAll(async () => {
  await view?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const shown = (page: Page): Promise<readonly string[]> =>
  page.locator('.mx-row .mx-name').evaluateAll((names) => names.map((name) => name.textContent ?? ''));

/** Shape and value of each run, which the style sheet draws. */
const drawn = (cell: ReturnType<Page['locator']>): Promise<readonly string[]> =>
  cell
    .locator('.mx-run')
    .evaluateAll((runs) =>
      runs.map((run) => `${run.getAttribute('data-shape')}${run.getAttribute('data-value')}`),
    );

/** Path and query, as it is written. */
const address = (page: Page): string => {
  const { pathname, search } = new URL(page.url());
  return decodeURIComponent(pathname + search);
};

const focused = (page: Page): Promise<string | null> =>
  page.evaluate(
    () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.id ?? null,
  );

/** Waits for it, and asserts the whole of it. */
const rowsBecome = async (page: Page, rows: readonly string[]): Promise<void> => {
  await expect.poll(() => shown(page)).toEqual(rows);
};
const addressBecomes = async (page: Page, text: string): Promise<void> => {
  await expect.poll(() => address(page)).toBe(text);
};
const focusBecomes = async (page: Page, start: string): Promise<void> => {
  await expect.poll(() => focused(page)).toContain(start);
};

const AMBIGUOUS = [
  'no-time',
  'sometime-soon',
  'the-thing',
  'seven-on-wednesday',
  'which-meeting',
  'bi-weekly',
];
const NOT_PASSED = ['the-thing', 'seven-on-wednesday', 'bi-weekly'];

inBrowser('the matrix', (visit) => {
  test('shows 20 scenarios by group with the runs of both arms on one screen, and says them to who cannot see it', async () => {
    const { page, troubles, requests } = await visit(view.url, { bypassCSP: true });
    await page.locator('.mx-row').nth(19).waitFor();
    expect(await page.title()).toBe('Matrix · tool-interface');
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.locator('.mx-glabel').allTextContents()).toEqual([
      'ambiguous 6 scenarios',
      'implicit 3 scenarios',
      'negative 4 scenarios',
      'routing 4 scenarios',
      'sanity 3 scenarios',
    ]);
    expect((await shown(page)).slice(0, 6)).toEqual(AMBIGUOUS);
    expect(await page.locator('.mx-counts').innerText()).toMatch(
      /20 scenarios\s+✓\s*113\s*passed\s+✗\s*7\s*did not pass/,
    );
    const third = page.locator('[data-row="2"] .mx-cell');
    expect(await third.evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')))).toEqual([
      'baseline: 3 passed, one answer',
      'applike: 2 passed, 1 did not pass, 2 different answers',
    ]);
    expect(await drawn(third.nth(1))).toEqual(['✓2', '✓2', '✗3']);
    const grid = page.getByRole('grid', { name: 'Scenarios by variants' });
    expect(await grid.evaluate((one) => [one.scrollHeight > one.clientHeight, one.ariaRowCount])).toEqual([
      false,
      '26',
    ]);
    expect(await page.getByRole('row').last().getAttribute('aria-rowindex')).toBe('26');
    expect(requests.filter((url) => url.includes('/api/matrix'))).toHaveLength(1);
    expect(await axeFindings(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    expect(await axeFindings(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  test('goes from the first key to side by side and back by keys alone, to where the reader stood', async () => {
    const { page, troubles } = await visit(view.url);
    await page.locator('.mx-row').nth(19).waitFor();
    for (const key of ['j', 'j', 'ArrowDown', 'l', '3']) await page.keyboard.press(key);
    await focusBecomes(page, 'applike: 2 passed, 1 did not pass');
    await addressBecomes(page, '/matrix?at=2.1.3');
    expect(await page.locator('.mx-strip').innerText()).toMatch(
      /ambiguous:the-thing applike run 3 did not pass, answer 3, score 0\.00, \d+ tokens/,
    );
    await page.keyboard.press('Enter');
    await addressBecomes(page, '/scenario?at=2.1.3&arm=applike&runs=3&scenario=ambiguous:the-thing');
    await expect.poll(() => page.title()).toBe('Side by side · tool-interface');
    await page.goBack();
    await focusBecomes(page, 'applike: 2 passed, 1 did not pass');
    for (const key of ['G', 'h', 'k']) await page.keyboard.press(key);
    await addressBecomes(page, '/matrix?at=18');
    for (const key of ['g', 'End', 'PageDown']) await page.keyboard.press(key);
    await focusBecomes(page, 'applike: 3 passed');
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keys' });
    expect(await help.innerText()).toMatch(/g\s+first scenario/);
    // The list behind it stands still.
    await page.keyboard.press('g');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await focusBecomes(page, 'applike: 3 passed');
    await page.keyboard.press('/');
    await focusBecomes(page, 'Search texts');
    expect(troubles).toEqual([]);
  });

  test('is left with what each filter means, in the address, and goes back through them', async () => {
    const { page, troubles } = await visit(view.url);
    await page.locator('.mx-row').nth(19).waitFor();
    await page.getByRole('button', { name: 'did not pass' }).click();
    await rowsBecome(page, NOT_PASSED);
    await page.getByRole('button', { name: 'Runs differ' }).click();
    await rowsBecome(page, ['the-thing']);
    await addressBecomes(page, '/matrix?mark=failed&differ=runs');
    await page.goBack();
    await rowsBecome(page, NOT_PASSED);
    await page.keyboard.press('Escape');
    await addressBecomes(page, '/matrix');
    await page.getByRole('button', { name: 'Arms differ' }).click();
    await rowsBecome(page, NOT_PASSED);
    await page.keyboard.press('Escape');
    // Boxes of a list by keys: the rows behind it stand still.
    await page.locator('summary', { hasText: 'Category' }).focus();
    for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Space']) await page.keyboard.press(key);
    await addressBecomes(page, '/matrix?category=negative');
    await rowsBecome(page, ['leap-years', 'already-happened', 'already-done', 'time-zones']);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.locator('summary', { hasText: 'Tag' }).click();
    await page.getByLabel('vague-time', { exact: true }).check();
    await addressBecomes(page, '/matrix?tag=vague-time');
    await rowsBecome(page, ['sometime-soon', 'seven-on-wednesday']);
    await page.locator('summary', { hasText: 'Variant' }).click();
    await page.getByLabel('applike', { exact: true }).check();
    await expect.poll(() => page.locator('.mx-variant').allTextContents()).toEqual(['applike']);
    await page.locator('body').press('Escape');
    await page.getByLabel('Order', { exact: true }).selectOption('scenario');
    await page.getByRole('button', { name: 'Order is ascending' }).click();
    await addressBecomes(page, '/matrix?tag=vague-time&variant=applike&sort=scenario&order=down');
    await rowsBecome(page, ['ambiguous:sometime-soon', 'ambiguous:seven-on-wednesday']);
    await page.getByLabel('Changed since invocation').focus();
    await page.getByLabel('Changed since invocation').selectOption('1');
    await focusBecomes(page, 'Changed since invocation');
    await page.getByText('No scenario matches all of this').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'changed since' }).getByRole('button').click();
    await rowsBecome(page, ['ambiguous:sometime-soon', 'ambiguous:seven-on-wednesday']);
    await page.getByRole('button', { name: 'tokens' }).click();
    expect((await drawn(page.locator('[data-row="0"] .mx-cell'))).join(' ')).toMatch(
      /^✗?\d{3} ✗?\d{3} ✗?\d{3}$/,
    );
    expect(troubles).toEqual([]);
  });

  test('searches texts while somebody types, says what is wrong with what was typed, and is one step back', async () => {
    const { page, troubles, requests } = await visit(view.url);
    await page.locator('.mx-row').nth(19).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('dentist scor', { delay: 5 });
    await rowsBecome(page, []);
    await page.getByText('No scenario matches all of this').waitFor();
    await page.keyboard.type('e:x');
    const mistake = page.getByText('score:x is no number; write for example score:<0.5');
    await mistake.waitFor();
    const before = requests.length;
    for (let letter = 0; letter < 'score:x'.length; letter++) await page.keyboard.press('Backspace');
    await mistake.waitFor({ state: 'detached' });
    await addressBecomes(page, '/matrix?q=dentist+');
    await rowsBecome(page, ['already-done', 'dentist-tomorrow']);
    expect(requests.slice(before).some((url) => url.includes('score'))).toBe(false);
    await page.keyboard.press('Enter');
    await focusBecomes(page, 'baseline:');
    await page.goBack();
    await addressBecomes(page, '/');
    await expect.poll(async () => (await shown(page)).length).toBe(20);
    await page.goForward();
    await rowsBecome(page, ['already-done', 'dentist-tomorrow']);
    expect(await page.getByLabel('Search texts').inputValue()).toBe('dentist ');
    expect(troubles).toEqual([]);
  });

  test('opens at an address in the state that it says, on a phone and in dark as well, and keeps the choice of colours', async () => {
    const { page, troubles } = await visit(view.at('/matrix?mark=failed&show=score&at=1.1.2'), {
      ...PHONE,
      bypassCSP: true,
      colorScheme: 'dark',
    });
    await rowsBecome(page, NOT_PASSED);
    await focusBecomes(page, 'applike:');
    expect(await page.locator('.mx-run.picked').getAttribute('data-value')).toBe('1.00');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await background();
    expect(await axeFindings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: 'Runs differ' }).click();
    await rowsBecome(page, ['the-thing']);
    await page.getByRole('button', { name: 'Colours: as the system' }).click();
    const light = await background();
    expect(light).not.toBe(dark);
    await page.reload();
    await rowsBecome(page, ['the-thing']);
    expect(await background()).toBe(light);
    await page.getByRole('button', { name: 'Colours: light' }).click();
    expect(await background()).toBe(dark);
    await page.getByRole('link', { name: 'the-thing' }).tap();
    await addressBecomes(
      page,
      '/scenario?mark=failed&differ=runs&show=score&at=0&arm=baseline&scenario=ambiguous:the-thing',
    );
    expect(troubles).toEqual([]);
  });

  test('a page without the token is told how it is given one, and goes on with it', async () => {
    const { page } = await visit(view.url.replace(/#.*/, ''));
    const words = page.getByRole('alert').filter({ hasText: 'it ends with #token=' });
    await words.waitFor();
    await page.goto(view.url);
    await page.locator('.mx-row').nth(19).waitFor();
    expect(await words.count()).toBe(0);
  });

  test('follows a run: marks come where they stand, nothing jumps, and it says so when the server is gone', async () => {
    const { page, troubles } = await visit(view.at('/matrix?at=19'), {
      viewport: { width: 1280, height: 400 },
    });
    await focusBecomes(page, 'baseline: 3 passed');
    const scrolled = () => page.locator('.mx-grid').evaluate((grid) => grid.scrollTop);
    const before = await scrolled();
    expect(before).toBeGreaterThan(0);
    // Numbers of nodes: rows that are drawn anew would flicker, and lose the focus.
    await page.locator('.mx-row').evaluateAll((rows) => {
      for (const row of rows) row.setAttribute('data-same', '');
    });
    editFile(path.join(folder, 'scenarios/sanity.yaml'), (text) =>
      text.replace(/input: .*/, 'input: Say when.'),
    );
    await expect.poll(() => page.locator('.mx-counts').innerText()).toContain('stale');
    expect((await program(['run'], { cwd: folder })).code).toBe(0);
    await expect.poll(() => page.locator('.mx-counts').innerText()).not.toContain('stale');
    expect(await scrolled()).toBe(before);
    expect(await page.locator('.mx-row:not([data-same])').count()).toBe(0);
    await focusBecomes(page, 'baseline: 3 passed');
    expect(troubles).toEqual([]);
    await view[Symbol.asyncDispose]();
    await page.getByText('not connected: is expgraph view running?').waitFor();
    expect(await page.locator('.mx-row').count()).toBeGreaterThan(0);
  });
});
