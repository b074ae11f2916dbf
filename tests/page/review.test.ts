// A reader at his cards, in a real browser: by keys, on a server that keeps verdicts and in a file from disk.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { ReviewProtocol, VerdictLine } from '../../src/core/review.ts';
import { readingFile } from '../../src/project/report/reading-file.ts';
import { openReading } from '../../src/project/review/open-reading.ts';
import { makeSaveVerdict, reviewScreen, type SaveVerdict } from '../../src/project/review/reader-screen.ts';
import { axeFindings } from '../rig/axe.ts';
import { inBrowser, type Page, PHONE } from '../rig/browser.ts';
import { makeCards, writeReview } from '../rig/review-deck.ts';
import { tempFolder } from '../rig/temp.ts';
import { makeView, startViewer } from '../rig/viewer.ts';

type Given = { readonly cards?: number; readonly protocol?: Partial<ReviewProtocol> };

function beginReview({ cards = 4, protocol = {} }: Given = {}) {
  const root = tempFolder();
  const folder = writeReview(root, { cards: makeCards(cards, protocol.mode === 'pair' ? 2 : 1), protocol });
  const begun = openReading(root, { review: null, reviewer: 'ana', as: 'reader' });
  if (begun.kind === 'err') throw new Error(begun.error);
  const lines = (): readonly VerdictLine[] =>
    readFileSync(path.join(folder, 'verdicts/ana.jsonl'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  return { root, folder, reading: begun.value, lines };
}

const world = {
  env: {},
  clock: { now: () => new Date() },
  notify: () => {},
} as unknown as Parameters<typeof makeSaveVerdict>[0];

/** The page's server with the real screen and the real file of verdicts behind it. */
async function serve(root: string, save?: (kept: SaveVerdict) => SaveVerdict) {
  const experiment = {
    name: 'tool-interface',
    description: null,
    variants: [],
    scenarios: 4,
    runs: [1],
    categories: [],
    tags: [],
    scorers: [],
    simulated: false,
    revision: 'first',
    running: null,
    review: { id: 'r1', isUnblinded: false },
  };
  const frame = makeView({ experiment });
  const given: unknown[] = [];
  const keep = makeSaveVerdict(world, { root, redact: (text) => text });
  const viewer = await startViewer(
    {
      ...frame,
      answer(name, query) {
        if (name !== 'review') return frame.answer(name, query);
        const answer = reviewScreen(world, { root, query });
        given.push(answer);
        return Promise.resolve(answer) as never;
      },
    },
    save?.(keep) ?? keep,
  );
  return { address: viewer.address('/review?review=r1&reviewer=ana'), given };
}

const press = async (page: Page, keys: string): Promise<void> => {
  for (const key of keys.split(' ')) await page.keyboard.press(key);
};
const head = (page: Page): Promise<string | null> => page.textContent('.review-head h2');
const status = (page: Page): Promise<string | null> => page.textContent('.review-sign');

inBrowser('a blind review in the browser', (visit) => {
  test('is read by keys alone: labels, note, flag, undo, going back, and goes on where it was left', async () => {
    const { root, lines } = beginReview();
    const { address, given } = await serve(root);
    const { page, troubles } = await visit(address, { bypassCSP: true });
    await page.waitForSelector('.review-card');
    expect(await head(page)).toBe('Card 1 of 4');
    expect(await page.textContent('.review-answer')).toContain('<img src=x onerror=alert(1)>');
    expect(await page.locator('.review-anchor').allTextContents()).toEqual(
      [1, 2].flatMap(() => ['Nothing to add.', 'Works, with a flaw.', 'Has to be done again.']),
    );
    expect(await axeFindings(page)).toEqual([]);

    await press(page, '1');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain('naturalness');
    expect(await status(page)).toBe('');
    await press(page, '3');
    await page.waitForSelector('.review-sign-saved');
    expect(await head(page)).toBe('Card 1 of 4');
    expect(lines()).toMatchObject([{ labels: { tool_selection: 'good', naturalness: 'poor' }, revision: 1 }]);

    await press(page, 'n');
    await page.keyboard.type('u 1 f: letters of a note are no keys');
    await press(page, 'Escape f');
    await expect.poll(() => lines().length).toBe(3);
    expect(lines().at(-1)).toMatchObject({
      note: 'u 1 f: letters of a note are no keys',
      flags: ['flagged'],
    });

    await press(page, 'Enter');
    await expect.poll(() => head(page)).toBe('Card 2 of 4');
    await press(page, '2 2 u');
    await page.waitForSelector('.review-sign-taken-back');
    expect(lines().at(-1)).toMatchObject({ undone: true, revision: 2 });
    expect(await page.textContent('.review-progress span')).toBe('1 of 4 read');

    // Half a verdict is there again after the page was closed, and so is the place.
    await page.reload();
    await page.waitForSelector('.review-card');
    expect(await head(page)).toBe('Card 2 of 4');
    expect(await page.locator('[aria-checked=true]').allTextContents()).toEqual([
      expect.stringContaining('Acceptable'.toLowerCase()),
    ]);
    await press(page, '1 Enter');
    await expect.poll(() => head(page)).toBe('Card 3 of 4');
    await press(page, 'k k');
    await expect.poll(() => head(page)).toBe('Card 1 of 4');
    expect(await page.inputValue('textarea')).toBe('u 1 f: letters of a note are no keys');

    // Nothing of the arms came over the wire, nor stands on the page.
    const all = JSON.stringify(given) + (await page.content());
    expect(/zebra|yak|token_count|duration|latency_ms/.exec(all)).toBe(null);
    expect(troubles).toEqual([]);
  });

  test('ends with guesses of the arm, whose names are asked for only then, and with what to do next', async () => {
    const { root, lines } = beginReview({ cards: 2 });
    const { address, given } = await serve(root);
    const { page, troubles } = await visit(address, { colorScheme: 'dark', bypassCSP: true });
    await page.waitForSelector('.review-card');
    await press(page, '1 1 Enter 1 1 Enter');
    await expect.poll(() => head(page)).toBe('Guess 1 of 2: which arm is it?');
    await page.waitForSelector('text=yak');
    expect(
      given
        .slice(0, -1)
        .map((one) => JSON.stringify(one))
        .join(),
    ).not.toMatch(/\byak\b/);
    expect(await axeFindings(page)).toEqual([]);
    await press(page, '2');
    await expect.poll(() => head(page)).toBe('Guess 2 of 2: which arm is it?');
    await press(page, '0');
    await expect.poll(() => head(page)).toBe('All 2 cards are read');
    expect(await page.textContent('.review-next')).toContain('expgraph review close r1');
    expect(lines()).toHaveLength(4);
    expect(lines().slice(-2)).toMatchObject([
      { guess: 'B', labels: { tool_selection: 'good' } },
      { guess: '?', labels: { tool_selection: 'good' } },
    ]);
    expect(await axeFindings(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  test('of pairs says which side, and "I can tell which arm" asks which', async () => {
    const { root, lines } = beginReview({ protocol: { mode: 'pair' } });
    const { address } = await serve(root);
    const { page, troubles } = await visit(address);
    await page.waitForSelector('.review-pair');
    const [left, right] = await page.locator('.review-pair .review-text').allTextContents();
    expect([left, right]).toEqual([
      expect.stringMatching(/^Answer \da/),
      expect.stringMatching(/^Answer \db/),
    ]);
    await press(page, '1 2 t');
    await page.click('text=yak');
    await expect
      .poll(() => lines().at(-1))
      .toMatchObject({ labels: { tool_selection: 'left', naturalness: 'tie' }, tells: true, guess: 'B' });
    expect(lines().at(-1)!.answer.split(' ')).toHaveLength(2);
    expect(troubles).toEqual([]);
  });

  test('calls nothing saved that is not, goes no further, and tries again', async () => {
    const { root, lines } = beginReview();
    let isFull = true;
    const { address } = await serve(
      root,
      (keep) => async (verdict) =>
        isFull ? { ok: false, message: 'not saved: the disk is full' } : await keep(verdict),
    );
    const { page } = await visit(address);
    await page.waitForSelector('.review-card');
    await press(page, '1 1');
    await page.waitForSelector('text=Card 1: not saved: the disk is full');
    await press(page, 'Enter j');
    await page.waitForSelector('text=Card 1: not saved: the disk is full');
    expect(await head(page)).toBe('Card 1 of 4');
    expect(await page.locator('.review-sign-saved').count()).toBe(0);
    expect(await page.textContent('.review-progress span')).toBe('0 of 4 read');
    isFull = false;
    await page.click('text=Try again');
    await page.waitForSelector('.review-sign-saved');
    expect(lines()).toMatchObject([{ labels: { naturalness: 'good' }, revision: 1 }]);
    await press(page, 'Enter');
    await expect.poll(() => head(page)).toBe('Card 2 of 4');
  });

  test('shows real names of tools only to who was told that it is written down', async () => {
    const { root, folder } = beginReview();
    const { address, given } = await serve(root);
    const { page, troubles } = await visit(address);
    await page.click('text=Real names of tools');
    await page.waitForSelector('text=written into the protocol');
    expect(JSON.stringify(given)).not.toContain('create_');
    await page.click('text=Show them');
    await page.waitForSelector('text=/is create_[1-4]/');
    const { breaches } = JSON.parse(readFileSync(path.join(folder, 'protocol.json'), 'utf8'));
    expect(breaches).toMatchObject([{ kind: 'reveal', user: 'ana' }]);
    await press(page, 'j');
    await expect.poll(() => head(page)).toBe('Card 2 of 4');
    expect(await page.locator('text=/is create_/').count()).toBe(0);
    expect(troubles).toEqual([]);
  });

  test('is used with a thumb on a phone', async () => {
    const { root, lines } = beginReview();
    const { address } = await serve(root);
    const { page, troubles } = await visit(address, { ...PHONE, bypassCSP: true });
    await page.waitForSelector('.review-card');
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(width).toBe(390);
    const options = page.locator('.review-option');
    expect((await options.first().boundingBox())!.height).toBeGreaterThanOrEqual(36);
    await options.nth(0).tap();
    await options.nth(5).tap();
    await page.waitForSelector('.review-sign-saved');
    await page.tap('text=Next card');
    await expect.poll(() => head(page)).toBe('Card 2 of 4');
    expect(lines()).toMatchObject([{ labels: { tool_selection: 'good', naturalness: 'poor' } }]);
    expect(await axeFindings(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  async function visitFile(cards: number) {
    const { root, reading } = beginReview({ cards });
    const file = path.join(root, 'ana.html');
    writeFileSync(file, await readingFile(reading, async () => null));
    const visited = await visit(pathToFileURL(file).href);
    const open = async (page: Page): Promise<Page> => {
      await page.goto(pathToFileURL(file).href);
      await page.waitForSelector('.review-card');
      return page;
    };
    return { ...visited, open };
  }

  test('from disk, what was called kept is there though localStorage was lost with its page, and of two windows both', async () => {
    const { page, open, troubles } = await visitFile(4);
    const context = page.context();
    // What Chromium does to one opening in a few hundred.
    await context.addInitScript(() => {
      const held = new Map<string, string>();
      Storage.prototype.getItem = (name) => held.get(name) ?? null;
      Storage.prototype.setItem = (name, text) => void held.set(name, text);
      Storage.prototype.removeItem = (name) => void held.delete(name);
    });
    const [one, two] = [await open(page), await open(await context.newPage())];
    await press(two, 'j');
    await press(one, '1 2');
    await press(two, '3 3');
    for (const window of [one, two]) await window.waitForSelector('text=kept in this browser');
    const third = await open(await context.newPage());
    expect(await head(third)).toBe('Card 3 of 4');
    expect(await third.textContent('.review-progress span')).toBe('2 of 4 read');
    expect(troubles).toEqual([]);
  });

  test('from disk, what a browser does not keep is called so, is in the download, and is kept as soon as it can be', async () => {
    const { page, open, troubles } = await visitFile(4);
    await page.context().addInitScript(() => {
      const put = IDBObjectStore.prototype.put;
      let said = 0;
      IDBObjectStore.prototype.put = function (...given) {
        const asked = put.apply(this, given);
        said++;
        // As where the disk is full.
        if (said <= 2) this.transaction.abort();
        return asked;
      };
    });
    await open(page);
    await press(page, '1 2');
    await page.waitForSelector('text=kept only while this page is open');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click('text=Download verdicts'),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toContain('"card":"p001"');
    await page.waitForSelector('text=Download again');
    await press(page, 'j 3 3');
    await page.waitForSelector('text=kept in this browser');
    expect(await head(await open(await page.context().newPage()))).toBe('Card 3 of 4');
    expect(troubles).toEqual([]);
  });

  test('from disk, a browser without a database keeps verdicts as long as the page is open', async () => {
    const { page, open, troubles } = await visitFile(2);
    await page.context().addInitScript(() => {
      IDBFactory.prototype.open = () => {
        throw new DOMException('not here', 'SecurityError');
      };
    });
    await open(page);
    await press(page, '1 2 Enter 3 3');
    await page.waitForSelector('text=kept only while this page is open');
    await press(page, 'k');
    await expect.poll(() => page.locator('[aria-checked=true]').count()).toBe(2);
    expect(await page.textContent('.review-progress span')).toBe('2 of 2 read');
    expect(troubles).toEqual([]);
  });

  test('works as one file from disk: keeps verdicts in the browser, warns, and gives them back as a verdict file', async () => {
    const { root, reading } = beginReview({ cards: 3 });
    const file = path.join(root, 'ana.html');
    writeFileSync(file, await readingFile(reading, async () => null));
    expect(/zebra|yak/.test(readFileSync(file, 'utf8'))).toBe(false);
    const { page, troubles, requests } = await visit(pathToFileURL(file).href);
    await page.waitForSelector('.review-card');
    await press(page, '1 2');
    await page.waitForSelector('text=kept in this browser until you download');

    // Closed and opened again: what was said is there, and the next card lies open.
    const asked: string[] = [];
    page.on('dialog', (dialog) => asked.push(dialog.type()));
    const again = await page.context().newPage();
    await again.goto(pathToFileURL(file).href);
    await again.waitForSelector('.review-card');
    expect(await head(again)).toBe('Card 2 of 3');
    await press(again, '3 3');
    await again.waitForSelector('.review-sign-saved');
    await press(again, 'u');
    await again.waitForSelector('.review-sign-taken-back');

    const [download] = await Promise.all([
      again.waitForEvent('download'),
      again.click('text=Download verdicts'),
    ]);
    expect(download.suggestedFilename()).toBe('r1-ana.verdicts.jsonl');
    const said = readFileSync(await download.path(), 'utf8')
      .trimEnd()
      .split('\n');
    expect(said.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'verdict', v: 1, review: 'r1', reviewer: 'ana', card: 'p001', revision: 1 },
      { card: 'p002', labels: { tool_selection: 'poor', naturalness: 'poor' } },
      { card: 'p002', undone: true, revision: 2 },
    ]);
    expect(said.every((line) => JSON.parse(line).answer.length === 64)).toBe(true);
    await again.waitForSelector('text=downloaded');
    await again.close({ runBeforeUnload: true });

    // The first window knows of the download, and of nothing that is not in a file.
    await page.waitForSelector('text=Download again');
    await page.reload();
    await page.waitForSelector('.review-card');
    await press(page, '1 1');
    await page.waitForSelector('.review-sign-saved');
    await page.close({ runBeforeUnload: true });
    await expect.poll(() => asked).toContain('beforeunload');
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    expect(troubles.filter((one) => !one.startsWith('dialog'))).toEqual([]);
  });
});
