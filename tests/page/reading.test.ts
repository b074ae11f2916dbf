// Reading in a real browser, served by the real program: side by side, the history of a cell, invocations, what changed between
// two of them, the plan. One experiment and one browser for all of it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { axeFindings } from '../rig/axe.ts';
import { inBrowser, type Page, PHONE } from '../rig/browser.ts';
import { cli } from '../rig/cli.ts';
import { editFile } from '../rig/files.ts';
import { drawReadable } from '../rig/readable.ts';
import { type ServedView, serveView } from '../rig/served.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
let view: ServedView;

beforeAll(async () => {
  await drawReadable(folder);
  view = await serveView(folder);
});
afterAll(async () => {
  await view?.[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** Path and query, as it is written. */
const address = (page: Page): string => {
  const { pathname, search } = new URL(page.url());
  return decodeURIComponent(pathname + search);
};
const addressBecomes = async (page: Page, text: string): Promise<void> => {
  await expect.poll(() => address(page), { timeout: 30_000 }).toBe(text);
};
const draw = (page: Page, variant: string, run: number) =>
  page.getByRole('article', { name: `${variant}, run ${run}`, exact: true });
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key);
};

inBrowser('reading', (visit) => {
  test('shows answers side by side, each held against the first arm: words, calls, equal ones folded and counted', async () => {
    const { page, troubles } = await visit(view.at('/scenario?scenario=gym'));
    const other = draw(page, 'applike', 1);
    await other.waitFor();
    expect(await page.locator('.arm-name').allTextContents()).toEqual(['baseline', 'applike']);
    // Words that changed, in elements that say so.
    expect(await other.locator('.draw-text del').allTextContents()).toEqual(['seven']);
    expect(await other.locator('.draw-text ins').allTextContents()).toEqual(['eight']);
    expect(await draw(page, 'baseline', 1).locator('ins, del').count()).toBe(0);
    // Arguments by path, in whatever order they were written.
    const call = other.locator('.draw-calls > .calls > .call');
    expect(await call.locator('.call-head').innerText()).toMatch(/^look_up\s*2 arguments differ$/);
    expect(await call.locator('.argument-added, .argument-changed').allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^who\[0\]\s+Ann$/),
        expect.stringMatching(/^at\.hour\s+7\s+8$/),
      ]),
    );
    expect(await call.locator('.argument-same dt').allTextContents()).toEqual(['who[1]', 'title', 'at.day']);
    // Equal answers are said once; what has nothing in common is not marked until somebody asks.
    expect(await draw(page, 'baseline', 2).locator('.tag').innerText()).toBe('same in 3 draws');
    expect(await draw(page, 'baseline', 3).locator('.draw-instead').innerText()).toBe(
      'Same answer as baseline run 2',
    );
    expect(await draw(page, 'applike', 3).locator('.draw-instead').innerText()).toBe(
      'Same answer as baseline run 2',
    );
    await draw(page, 'applike', 2).getByRole('button', { name: 'Mark them' }).click();
    await addressBecomes(page, '/scenario?scenario=gym&marks=all');
    expect(await draw(page, 'applike', 2).locator('ins').count()).toBeGreaterThan(0);
    // A mark is one without colour as well: by a line, and by words for who hears it.
    const looks = await other
      .locator('.draw-text ins')
      .evaluate((mark) => [
        getComputedStyle(mark).textDecorationLine,
        getComputedStyle(mark, '::before').content,
      ]);
    expect(looks).toEqual(['underline', '" [new: "']);
    expect(troubles).toEqual([]);
  });

  test('is read with the keyboard alone, and its address is what is seen', async () => {
    const { page, troubles } = await visit(view.at('/scenario?scenario=gym&show=score&at=0.1'));
    await draw(page, 'applike', 3).waitFor();
    await press(page, '2', 't', 'i', 'e', 'b', 'l');
    await addressBecomes(
      page,
      '/scenario?scenario=gym&show=score&at=0.1&arm=applike&runs=1,3&base=previous-run&repeats=on&open=more,turns',
    );
    expect(await page.getByRole('article').count()).toBe(4);
    expect(await draw(page, 'baseline', 1).locator('.turns').innerText()).toMatch(/look_up answers\s+free:/);
    expect(await draw(page, 'baseline', 3).locator('.facts').innerText()).toMatch(
      /npx expgraph show [0-9a-f]{12}@1/,
    );
    expect(await page.locator('.arm-head-here .arm-name').innerText()).toBe('applike');
    // The run before is hidden and is still what it is held against.
    expect(await draw(page, 'applike', 3).locator('.draw-text del').count()).toBe(0);
    await press(page, 'a', 'i', 't', 'e', 'd');
    await addressBecomes(
      page,
      '/scenario?scenario=gym&show=score&at=0.1&arm=applike&base=previous-run&open=setup',
    );
    const setup = page.locator('.setup-arms');
    expect(await setup.locator('del').allTextContents()).toEqual(['Ask when in doubt']);
    expect(await setup.locator('ins').allTextContents()).toEqual(['Never ask', 'create_event']);
    await press(page, 'm', 'r');
    await expect.poll(() => page.locator('.draw-raw').count(), { timeout: 30_000 }).toBe(6);
    expect(JSON.parse(await draw(page, 'applike', 2).locator('.draw-raw').innerText())).toMatchObject({
      run: 2,
      text: 'Something else altogether, in no word alike.',
    });
    await press(page, 'r', 'd', 'j');
    await addressBecomes(
      page,
      '/scenario?scenario=hostile&show=score&at=1.1&arm=applike&base=previous-run&md=off',
    );
    await expect.poll(() => page.locator('#scenario-name').innerText(), { timeout: 30_000 }).toBe('hostile');
    expect(await page.locator('.reading-place').innerText()).toBe('2 of 3');
    await press(page, 'k', 'h', 'Escape');
    await addressBecomes(page, '/matrix?show=score&at=0.1');
    await page.goBack();
    await page.locator('#scenario-name').waitFor();
    await press(page, '/');
    await addressBecomes(page, '/matrix?show=score&at=0.1');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('type')), { timeout: 30_000 })
      .toBe('search');
    expect(troubles).toEqual([]);
  });

  test('stays where it is from one scenario to the next: the first answer begins at one height', async () => {
    const { page, troubles } = await visit(view.at('/scenario?scenario=gym'));
    await draw(page, 'baseline', 1).waitFor();
    const top = async () => (await page.locator('.run-row').first().boundingBox())!.y;
    const before = await top();
    await page.mouse.wheel(0, 400);
    await press(page, 'j', 'j');
    await expect.poll(() => page.locator('#scenario-name').innerText(), { timeout: 30_000 }).toBe('outage');
    expect(await page.evaluate(() => scrollY)).toBe(0);
    expect(await top()).toBe(before);
    // Names of arms stay on top of what is read.
    await press(page, 'k', 'k');
    await expect.poll(() => page.locator('#scenario-name').innerText(), { timeout: 30_000 }).toBe('gym');
    await page.locator('.run-row').last().scrollIntoViewIfNeeded();
    await page.evaluate(() => scrollTo(0, 500));
    const head = (await page.locator('.arm-heads').boundingBox())!;
    expect(head.y).toBeLessThan(60);
    expect(troubles).toEqual([]);
  });

  test('shows what was said to do harm as text, in Markdown and without; failed calls as what they are', async () => {
    const { page, troubles } = await visit(view.at('/scenario?scenario=hostile'));
    await draw(page, 'applike', 1).waitFor();
    const inert = () =>
      page.locator('.reading').evaluate((reading) => ({
        elements: [
          ...reading.querySelectorAll('script, img, iframe, style, base, form, svg, meta, object, embed'),
        ].length,
        links: [...reading.querySelectorAll('a')]
          .map((link) => link.getAttribute('href')!)
          .filter((to) => !to.startsWith('/')),
      }));
    expect(await inert()).toEqual({ elements: 0, links: [] });
    expect(await draw(page, 'applike', 1).innerText()).toContain('<img src=x onerror="owned()">');
    expect(await draw(page, 'applike', 1).locator('ins').allTextContents()).toContain('and more');
    await press(page, 'm');
    await addressBecomes(page, '/scenario?scenario=hostile&md=off');
    expect(await inert()).toEqual({ elements: 0, links: [] });
    expect(await draw(page, 'applike', 1).locator('.draw-text').innerText()).toContain(
      '[press me](javascript:owned())',
    );
    await press(page, 'j', 'i');
    await expect.poll(() => page.locator('#scenario-name').innerText(), { timeout: 30_000 }).toBe('outage');
    expect(await draw(page, 'baseline', 1).innerText()).toMatch(
      /no answer: the call failed[\s\S]*400[\s\S]*no & <nobody> is here/,
    );
    expect(troubles).toEqual([]);
  });

  test('links to a trace that is a page over https, and to nothing else that stands in a record', async () => {
    const { page, troubles } = await visit(view.url);
    await page.route('**/api/scenario?*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.json()) as { value: { arms: { runs: { langsmithUrl: string }[] }[] } };
      body.value.arms[0]!.runs[0]!.langsmithUrl = 'https://smith.example/r/1';
      body.value.arms[0]!.runs[1]!.langsmithUrl = 'javascript:owned()';
      body.value.arms[1]!.runs[0]!.langsmithUrl = 'http://127.0.0.1:9/';
      await route.fulfill({ response: answer, json: body });
    });
    await page.goto(view.at('/scenario?scenario=gym&open=more'));
    await draw(page, 'applike', 3).waitFor();
    const links = page.locator('.facts a[target]');
    expect(
      await links.evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.getAttribute('rel')])),
    ).toEqual([['https://smith.example/r/1', 'noreferrer noopener']]);
    expect(await draw(page, 'baseline', 2).locator('.facts').innerText()).toContain('javascript:owned()');
    expect(troubles).toEqual([]);
  });

  test('keeps nobody out: axe finds nothing serious, in light and dark, on a phone as well', async () => {
    const screens = [
      '/scenario?scenario=gym&open=setup,expect,turns,more&repeats=on',
      '/cell?variant=baseline&scenario=gym&run=1&open=more',
      '/invocations',
      '/plan',
    ];
    for (const [n, screen] of screens.entries()) {
      const { page } = await visit(view.at(screen), {
        bypassCSP: true,
        colorScheme: n % 2 === 0 ? 'light' : 'dark',
      });
      await page.locator('.reading, .generations, .inv, .plan').first().waitFor();
      expect(await axeFindings(page), screen).toEqual([]);
      if (n > 0) continue;
      await page.emulateMedia({ colorScheme: 'dark' });
      expect(await axeFindings(page), `${screen} in the dark`).toEqual([]);
    }
  });

  test('shows one arm on a phone, and another by its name; nothing is wider than the screen', async () => {
    const { page, troubles } = await visit(view.at('/scenario?scenario=gym'), { ...PHONE, bypassCSP: true });
    await draw(page, 'baseline', 1).waitFor();
    expect(await draw(page, 'applike', 1).isVisible()).toBe(false);
    await page.getByRole('button', { name: /^applike/ }).tap();
    await addressBecomes(page, '/scenario?scenario=gym&arm=applike');
    expect([await draw(page, 'applike', 1).isVisible(), await draw(page, 'baseline', 1).isVisible()]).toEqual(
      [true, false],
    );
    await page.getByRole('link', { name: /^Next/ }).tap();
    await addressBecomes(page, '/scenario?scenario=hostile&arm=applike');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(await axeFindings(page)).toEqual([]);
    expect(troubles).toEqual([]);
  });

  test('tells what an edit made stale and why, what was drawn since, and what changed between two invocations', async () => {
    const { page, troubles } = await visit(view.at('/plan'), { bypassCSP: true });
    await expect
      .poll(() => page.locator('.plan').innerText(), { timeout: 30_000 })
      .toContain('3 of 18 cells would run');
    // An edit is followed while the page is open.
    editFile(path.join(folder, 'experiment.yaml'), (text) => text.replace('Ask when in doubt', 'Ask always'));
    editFile(path.join(folder, 'answers.json'), (text) =>
      text.replace('in no word alike', 'in few words alike'),
    );
    const edit = page.locator('.edit').filter({ hasText: 'variant.system' });
    await edit.waitFor();
    expect(await edit.locator('del').allTextContents()).toEqual(['when in doubt']);
    expect(await edit.locator('ins').allTextContents()).toEqual(['always']);
    expect(await edit.locator('.copy-text').innerText()).toBe(
      'npx expgraph run --variant baseline --scenario gym --scenario hostile --scenario outage',
    );
    await edit.getByRole('button', { name: /baseline: / }).click();
    expect(await edit.locator('.touched a').allTextContents()).toEqual(['gym', 'hostile', 'outage']);

    expect((await cli(['run', '--scenario', 'gym'], { cwd: folder })).code).toBe(0);
    await page.goto(view.at('/invocations'));
    await expect.poll(() => page.locator('.inv tbody tr').count(), { timeout: 30_000 }).toBe(2);
    await press(page, 'j', 'x', 'j', 'x');
    await expect.poll(() => page.locator('.inv input:checked').count(), { timeout: 30_000 }).toBe(2);
    await press(page, 'd');
    await page.locator('.diff-cells').waitFor();
    expect(await axeFindings(page)).toEqual([]);
    expect(await page.locator('h2').innerText()).toBe('1 → 2');
    expect(await page.locator('.diff-counts').innerText()).toMatch(/another answer/);
    const row = page.locator('.diff-cells tbody tr').filter({ hasText: 'applike' });
    expect(await row.allInnerTexts()).toEqual([expect.stringMatching(/^gym\s+applike\s+2\s+another answer/)]);
    await row.getByRole('link', { name: 'history' }).click();
    await page.locator('.generation').first().waitFor();
    expect(await page.locator('.generation-head .tag').allTextContents()).toEqual([
      'counts now',
      'of other content than the manifest has now',
    ]);
    expect(await page.locator('.generation').first().locator('ins').allTextContents()).toEqual(['few words']);
    await press(page, 'j', 'j');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toContain(
      'of other content than the manifest has now',
    );

    await page.goto(view.at('/cell?variant=baseline&scenario=gym&run=1'));
    await page.locator('.generation').nth(1).waitFor();
    expect(await page.locator('.fields del').allTextContents()).toEqual(['when in doubt']);
    expect(await page.locator('.generation').first().innerText()).toContain(
      'The same answer as the one before.',
    );
    expect(troubles).toEqual([]);
  });
});
