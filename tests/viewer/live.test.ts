// A page that is open while other processes work: what they do is seen without loading it again.
import { once } from 'node:events';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { appears } from '../rig/appears.ts';
import { inBrowser, type Page } from '../rig/browser.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, startModelServer } from '../rig/model-server.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

const manifest = (url: string): string => `version: 1
name: small
provider: p
model: m
scenarios: [s.yaml]
scorers: [contains]
providers: { p: { type: openai, base_url: "${url}" } }
variants: { one: { system: be one }, two: { system: be two } }
`;
const SCENARIOS = ['a', 'b', 'c']
  .map((id) => `- { id: ${id}, input: "say ${id}", expect: { contains: "yes" } }\n`)
  .join('');

inBrowser('a page of an experiment', (visit) => {
  test('fills while a run goes on elsewhere, and shows what an edit makes stale', async () => {
    await using server = await startModelServer();
    const cwd = tempFolder();
    writeFiles(cwd, { 'experiment.yaml': manifest(server.url), 's.yaml': SCENARIOS });
    const view = startCli(['view', '--json'], { cwd });
    const { url } = JSON.parse(`${(await once(view.child.stdout!, 'data'))[0]}`) as { url: string };
    const { page, troubles } = await visit(url);
    await shows(page, { missing: 6 });
    await page.evaluate(() => Object.assign(window, { isStill: true }));

    const { ended } = startCli(['run', '--json'], { cwd, env: { OPENAI_API_KEY: 'sk-test-0123456789' } });
    const held: HeldRequest[] = [];
    while (held.length < 6) held.push(await server.next());
    for (const one of held.splice(0, 2)) one.answer(chatAnswer('yes'));
    await expect
      .poll(async () => page.getByRole('status').allTextContents(), PATIENT)
      .toContain('running 2/6');
    // Judged when all are drawn.
    await shows(page, { unjudged: 2, missing: 4 });
    held.pop()!.answer(chatAnswer('no'));
    for (const one of held) one.answer(chatAnswer('yes'));
    expect((await ended).code).toBe(0);
    await shows(page, { passed: 5, failed: 1 });
    await expect
      .poll(async () => page.getByRole('status').allTextContents(), PATIENT)
      .not.toContain('running');

    editFile(`${cwd}/s.yaml`, (text) => text.replace('say b', 'say bee'));
    await shows(page, { stale: 2 });
    // As in a terminal: what is wrong, its line, and below it where.
    editFile(`${cwd}/experiment.yaml`, (text) => text.replace('model: m', 'modle: m'));
    await page.getByRole('alert').getByText('unknown').waitFor(PATIENT);
    expect(await page.getByRole('alert').innerText()).toMatch(
      /^experiment\.yaml:4:1 .*\n.*modle: m\n.*\^{5}\n/,
    );
    editFile(`${cwd}/experiment.yaml`, (text) => text.replace('modle: m', 'model: m'));
    await shows(page, { stale: 2 });
    expect(await page.evaluate(() => 'isStill' in window)).toBe(true);
    expect(troubles.filter((one) => !one.includes('status of 500'))).toEqual([]);

    // It is over: the page says so, and what it showed stays.
    view.child.kill('SIGINT');
    expect((await view.ended).code).toBe(0);
    await expect
      .poll(async () => page.getByRole('status').allTextContents(), PATIENT)
      .toContainEqual(expect.stringContaining('not connected'));
    await shows(page, { stale: 2 });
  });

  test.skipIf(!HAS_TERMINAL)(
    'is opened from a terminal by an address that is good once (needs python3 with pty)',
    async () => {
      const cwd = tempFolder();
      writeFiles(cwd, {
        'experiment.yaml': manifest('http://127.0.0.1:9/v1'),
        's.yaml': SCENARIOS,
        browser: BROWSER,
      });
      chmodSync(path.join(cwd, 'browser'), 0o755);
      const view = startInTerminal(['view'], { cwd, env: { BROWSER: path.join(cwd, 'browser') } });
      await view.showing('Ctrl-C ends it.');
      const address = await appears(path.join(cwd, 'opened'));
      const token = /#token=([\w-]{43})/.exec(view.shown())![1]!;
      expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/open\/[\w-]{43}$/);
      expect(address).not.toContain(token);

      const { page, troubles } = await visit(address);
      await shows(page, { missing: 6 });
      expect(page.url()).toBe(new URL('/', address).href);
      expect(troubles).toEqual([]);
      await page.goto(address);
      expect(await page.textContent('body')).toContain('This address was good once, and was used.');
      // Kept by this browser: the page itself is opened again without anything behind its address.
      await page.goto(new URL('/matrix', address).href);
      await shows(page, { missing: 6 });
      view.press('\u0003');
      expect(await view.code).toBe(0);
    },
  );
});

/** Says what it was started with, whole at once. */
const BROWSER = `#!/bin/sh
printf '%s\\n' "$1" > "$HOME/part" && mv "$HOME/part" "$HOME/opened"
`;

const PATIENT = { timeout: 60_000 };

/** So many runs of cells with such a mark. */
async function shows(page: Page, marks: Readonly<Record<string, number>>): Promise<void> {
  for (const [mark, count] of Object.entries(marks))
    await expect.poll(() => page.locator(`[role=grid] .mark-${mark}`).count(), PATIENT).toBe(count);
}
