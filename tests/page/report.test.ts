// The file of a report in a real browser, from disk: hostile answers stay text, nothing is asked for, every screen is there, and
// without script it is read all the same.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeReport } from '../../src/project/report/report.ts';
import { axeFindings } from '../rig/axe.ts';
import { inBrowser, type Page, PHONE } from '../rig/browser.ts';
import { writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { testWorld } from '../rig/world.ts';

const HOSTILE =
  '</script><img src="https://example.com/x.png" onerror="alert(1)"><script>alert(2)</script>{{7*7}}';
const NAME = 'x:<b onclick=alert(3)>bold';

const FILES = {
  'experiment.yaml': `version: 1
name: hostile
description: "${'<i>'} which tools?"
runs: 2
provider: sim
variants:
  first: { system: be short }
  second: { system: "be long ${'</pre>'}", salt: other }
scenarios: [scenarios.jsonl]
sim: { answers: answers.yaml }
`,
  'scenarios.jsonl': [
    { id: NAME, input: HOSTILE, category: '<script>', expect: { contains: 'no' } },
    { id: 'x:plain', input: 'say it', category: 'plain', expect: { contains: 'yes' } },
    { id: 'x:other', input: 'say it again', category: 'plain', expect: { contains: 'yes' } },
  ]
    .map((one) => `${JSON.stringify(one)}\n`)
    .join(''),
  'answers.yaml': `"x:<b*": { variants: { first: ${JSON.stringify(HOSTILE)}, second: ${JSON.stringify(`no ${HOSTILE}`)} } }
"x:plain": { variants: { first: "yes", second: ["no", "[a](javascript:alert(4)) yes"] } }
"x:other": { variants: { first: "**yes**", second: "<svg onload=alert(5)>" } }
`,
};

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-test-'));
const MADE = '2026-02-16T08:30:12Z';
const world = testWorld(folder);
const at = (iso: string) => ({ ...world, clock: { ...world.clock, now: () => new Date(iso) } });
const file = path.join(folder, 'report.html');
const on = (screen = ''): string => `${pathToFileURL(file)}${screen}`;

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(async () => {
  writeFiles(folder, FILES);
  const { code, err } = await inProcess(['run'], { cwd: folder });
  expect([code, err]).toEqual([0, expect.any(String)]);
  const { text } = await makeReport(at(MADE), { file: 'experiment.yaml', format: 'html' });
  writeFileSync(file, text);
});

/** Nothing of the answers became an element. */
async function nothingTaken(page: Page): Promise<void> {
  expect(await page.locator('img, iframe, svg[onload], b[onclick], i').count()).toBe(0);
}

inBrowser('the file of a report', (visit) => {
  test('is opened from disk: its first page has everything, as text, and asks for nothing', async () => {
    const { page, troubles, requests } = await visit(on());
    await page.getByRole('heading', { name: 'hostile: report' }).waitFor();
    const text = await page.innerText('body');
    for (const said of [
      'SIMULATION',
      'Passed',
      'Consistency',
      'System prompt of first',
      HOSTILE,
      NAME,
      '0001-',
    ])
      expect(text).toContain(said);
    await nothingTaken(page);
    expect(requests.filter((url) => !url.startsWith('file:') && !url.startsWith('data:'))).toEqual([]);
    expect(troubles).toEqual([]);
  });

  test('leads to every screen that is inside: matrix, side by side, history of a cell, compare, timeline, invocations', async () => {
    const { page, troubles } = await visit(on());
    const ways = page.getByRole('navigation', { name: 'Screens' });
    await ways.waitFor();

    await ways.getByText('Matrix').click();
    await page.getByText('x:plain').first().waitFor();
    await nothingTaken(page);

    await page.goto(on(`#/scenario?${new URLSearchParams({ scenario: NAME })}`));
    await page.getByText('{{7*7}}').first().waitFor();
    await nothingTaken(page);

    await page.goto(
      on(`#/cell?${new URLSearchParams({ variant: 'second', scenario: 'x:plain', run: '1' })}`),
    );
    await page.getByRole('heading', { name: 'second, x:plain, run 1' }).waitFor();

    await ways.getByText('Compare').click();
    await page.getByRole('heading', { name: /^hostile: mean score/ }).waitFor();
    await page.getByLabel('metric').selectOption('cost');
    await page.getByRole('heading', { name: /^hostile: cost a cell/ }).waitFor();
    expect(new URL(page.url()).hash).toBe('#/compare?metric=cost');

    await ways.getByText('Timeline').click();
    await page.getByRole('heading', { name: 'By lane' }).waitFor();
    await ways.getByText('Invocations').click();
    await page.getByRole('columnheader', { name: 'commit' }).waitFor();

    await page.goto(on('#/plan'));
    await page.getByText('This file does not hold that.').waitFor();
    expect(troubles).toEqual([]);
  });

  test('searches and filters its matrix, and goes to neighbours in that order', async () => {
    const { page, troubles } = await visit(on('#/matrix?q=again'));
    await page.getByText('x:other').first().waitFor();
    expect(await page.getByText('x:plain').count()).toBe(0);
    await page.goto(on(`#/scenario?${new URLSearchParams({ scenario: 'x:other', q: 'say' })}`));
    await page.getByText('2 of 2').or(page.getByText('2/2')).first().waitFor();
    expect(troubles).toEqual([]);
  });

  test('has plots that keys go through, each mark in words and a way to its scenario', async () => {
    const { page, troubles } = await visit(on('#/compare'));
    const plot = page.getByRole('application', { name: /^Differences from first/ });
    await plot.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    const told = page.locator('#plot-differences .plot-told');
    await expect.poll(() => told.innerText()).toMatch(/^x:/);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => location.hash.startsWith('#/scenario?scenario=x'));
    expect(troubles).toEqual([]);
  });

  test('has a timeline that keys look closer at, kept in the address', async () => {
    const { page, troubles } = await visit(on('#/timeline'));
    await page.getByRole('application', { name: /^sim: 12 attempts/ }).waitFor();
    await page.keyboard.press('+');
    await page.waitForFunction(() => /from=\d+&to=\d+/.test(location.hash));
    const room = page.getByRole('application', { name: /^sim:/ });
    await room.focus();
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => page.locator('.timeline-told').innerText()).toMatch(/attempt 1: answered/);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'all of it' }).click();
    await page.waitForFunction(() => !location.hash.includes('from='));
    expect(troubles).toEqual([]);
  });

  test('is read without script: the same tables, plots, texts and transcripts, and nothing of others is obeyed', async () => {
    const { page, troubles } = await visit(on(), { javaScriptEnabled: false });
    const text = await page.innerText('body');
    for (const said of [
      'hostile: report',
      'SIMULATION',
      'Passed',
      'Where the arms differ most',
      'Transcripts',
    ])
      expect(text).toContain(said);
    await page.getByText(NAME, { exact: true }).last().click();
    await page.getByText('{{7*7}}').last().waitFor({ state: 'visible' });
    expect(await page.locator('figure svg.plot').count()).toBeGreaterThan(2);
    await nothingTaken(page);
    expect(troubles).toEqual([]);
  });

  test('keeps nobody out: axe finds nothing serious by day and by night, on a desk and on a phone', async () => {
    for (const options of [
      { bypassCSP: true, colorScheme: 'light' as const },
      { bypassCSP: true, colorScheme: 'dark' as const, ...PHONE },
    ]) {
      const { page } = await visit(on(), options);
      await page.getByRole('heading', { name: 'hostile: report' }).waitFor();
      expect(await axeFindings(page)).toEqual([]);
      for (const screen of options.colorScheme === 'dark'
        ? ['compare']
        : ['compare?by=category', 'timeline']) {
        await page.goto(on(`#/${screen}`));
        await page.locator('.page h2').first().waitFor();
        expect([screen, await axeFindings(page)]).toEqual([screen, []]);
      }
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    }
  });

  test('lets no script in but its own: one that was put into the file after it was made does not run', async () => {
    const spoiled = path.join(folder, 'spoiled.html');
    writeFileSync(
      spoiled,
      readFileSync(file, 'utf8').replace('<body>', '<body><script>document.title = "taken"</script>'),
    );
    const { page, troubles } = await visit(pathToFileURL(spoiled).href);
    await page.getByRole('heading', { name: 'hostile: report' }).waitFor();
    expect(await page.title()).not.toBe('taken');
    expect(troubles).toEqual([expect.stringContaining('Content Security Policy')]);
  });
});

test('the same data makes the same file but for the date that it was made', async () => {
  const made = async (iso: string, format: 'html' | 'md') =>
    (await makeReport(at(iso), { file: 'experiment.yaml', format })).text;
  expect(await made(MADE, 'html')).toBe(readFileSync(file, 'utf8'));
  const [one, two] = [await made(MADE, 'md'), await made('2026-02-17T08:30:12Z', 'md')];
  expect(two).toBe(one.replace('Made 2026-02-16', 'Made 2026-02-17'));
});

test('a small experiment makes a small file', () => {
  expect(statSync(file).size).toBeLessThan(1_000_000);
});
