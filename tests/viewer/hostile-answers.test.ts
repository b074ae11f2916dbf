// What models, scenario files and providers said to do harm, on every screen of the page, in a real browser: it is read, and it
// is nothing but read.
import { expect, test } from 'vitest';
import { sanitizeLine } from '../../src/core/text.ts';
import { openView } from '../../src/project/view/open-view.ts';
import { inBrowser, type Page } from '../rig/browser.ts';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { MARKUP, ODD, SAYINGS } from '../rig/hostile-sayings.ts';
import { tempFolder } from '../rig/temp.ts';
import { startViewer } from '../rig/viewer.ts';
import { testWorld } from '../rig/world.ts';

const SAID = [...MARKUP, ...SAYINGS];
const NAMES = ['a', '<img src=x onerror=owned()>', "'; owned(); '"];

/** Every text of it means harm: names, inputs, answers, calls with their arguments, errors, descriptions, what is expected. */
async function hostileExperiment(folder: string): Promise<readonly string[]> {
  const ids = SAID.map((_, at) => `${ODD[at]} ${at}`.normalize());
  const answers = SAID.map((text, at) => [
    ids[at],
    {
      variants: {
        a: {
          text,
          tool_calls: [{ name: 'owned', arguments: { [text.slice(0, 60)]: text, list: [text, { text }] } }],
        },
        [NAMES[1]!]: text.toUpperCase(),
        '*': at % 3 === 0 ? { error: { status: 400, message: text } } : text,
      },
    },
  ]);
  const tools = [
    { name: 'owned', description: MARKUP.join(' '), parameters: { type: 'object', properties: {} } },
  ];
  writeFiles(folder, {
    'experiment.yaml': JSON.stringify({
      version: 1,
      name: 'hostile',
      description: MARKUP[0],
      provider: 'sim',
      sim: { answers: 'answers.json' },
      system: MARKUP.join('\n'),
      tools,
      scenarios: ['scenarios.json'],
      variants: { a: {}, [NAMES[1]!]: { system: MARKUP.join('\r\n') }, [NAMES[2]!]: { salt: 'x' } },
      scorers: ['contains'],
      execution: { retries: 0 },
    }),
    'scenarios.json': JSON.stringify(
      SAID.map((text, at) => ({
        id: ids[at],
        input: readable(text) || 'x',
        description: sanitizeLine(text).slice(0, 200),
        category: MARKUP[at % 3],
        tags: [MARKUP[at % 5]],
        expect: { contains: text },
      })),
    ),
    'answers.json': JSON.stringify(Object.fromEntries(answers)),
  });
  const { code, stderr } = await cli(['run'], { cwd: folder });
  expect([code, stderr.includes('mistake')], stderr).toEqual([1, false]);
  return ids as readonly string[];
}

/** Without what no YAML takes. */
function readable(text: string): string {
  return text.replaceAll(/[^\n\u0020-\u007e]/g, '');
}

inBrowser('what was said to do harm', (visit) => {
  test('is text on every screen, and runs, loads and sends nothing', async () => {
    const folder = tempFolder();
    const ids = await hostileExperiment(folder);
    using view = await openView(testWorld(folder), { file: 'experiment.yaml' });
    const { address } = await startViewer(view);
    const { page, troubles, requests } = await visit(address('/matrix'));
    const { origin } = new URL(page.url());
    await page.evaluate(() => {
      Object.assign(window, { owned: () => alert('owned') });
    });

    for (const [at, id] of ids.entries()) {
      const of = new URLSearchParams({ scenario: id });
      await show(page, `/scenario?${of}`);
      await expectText(page, SAID[at]!);
      await expectNoElements(page);
      if (at % 6 !== 0) continue;
      // As Markdown and not, with equal answers and without, raw, with prompts and tools.
      for (const key of ['m', 'e', 'r', 'd']) {
        await page.keyboard.press(key);
        await expectNoElements(page);
      }
    }
    const cell = new URLSearchParams({ scenario: ids[0]!, variant: NAMES[1]!, run: '1' });
    const search = new URLSearchParams({ q: MARKUP[0]!, tag: MARKUP[0]! });
    for (const screen of [
      '/matrix',
      `/matrix?${search}`,
      `/cell?${cell}`,
      '/invocations',
      '/diff',
      '/plan',
      '/compare',
      '/timeline',
      `/${encodeURIComponent(MARKUP[0]!)}`,
      `/scenario?${new URLSearchParams({ scenario: MARKUP[0]! })}`,
    ]) {
      await show(page, screen);
      await expectNoElements(page);
    }

    expect(requests.filter((url) => !url.startsWith(`${origin}/`))).toEqual([]);
    expect(troubles.filter((one) => !/status of 4\d\d/.test(one))).toEqual([]);
  });
});

/** As a link of the page would: the address changes, the page stays. Resolves when what was asked for is drawn. */
async function show(page: Page, to: string): Promise<void> {
  const name = new URL(to, 'http://page').pathname.slice(1);
  const came = /^[a-z]+$/.test(name)
    ? page.waitForResponse((response) => response.url().includes(`/api/${name}?`))
    : null;
  await page.evaluate((address) => {
    history.pushState(null, '', address);
    dispatchEvent(new PopStateEvent('popstate'));
  }, to);
  await (await came)?.finished();
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
}

/** Some line of it can be read. */
async function expectText(page: Page, text: string): Promise<void> {
  const line = readable(text)
    .split('\n')
    .sort((a, b) => b.length - a.length)[0]!
    .trim();
  await expect.poll(async () => (await page.textContent('main')) ?? '').toContain(line);
}

/** Nothing that a text of ours would not have become. */
async function expectNoElements(page: Page): Promise<void> {
  const found = await page.evaluate(() =>
    [
      ...document.querySelectorAll(
        'img, iframe, object, embed, base, meta[http-equiv], form[action], body style, body link, main script, animate, [srcdoc], [href^="javascript:" i], [href^="data:" i], a[href*="127.0.0.1:9"]',
      ),
      ...[...document.querySelectorAll('*')].filter((one) =>
        [...one.attributes].some(({ name }) => name.startsWith('on')),
      ),
    ].map((one) => one.outerHTML.slice(0, 200)),
  );
  expect(found).toEqual([]);
}
