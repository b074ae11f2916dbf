// A page that is open while other processes work: what they do is seen without loading it again.
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { inBrowser, type Page } from '../rig/browser.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { type HeldRequest, startModelServer } from '../rig/model-server.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

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
    expect(await page.evaluate(() => 'isStill' in window)).toBe(true);
    expect(troubles).toEqual([]);

    // It is over: the page says so, and what it showed stays.
    view.child.kill('SIGINT');
    expect((await view.ended).code).toBe(0);
    await expect
      .poll(async () => page.getByRole('status').allTextContents(), PATIENT)
      .toContainEqual(expect.stringContaining('not connected'));
    await shows(page, { stale: 2 });
  });
});

const PATIENT = { timeout: 60_000 };

/** So many runs of cells with such a mark. */
async function shows(page: Page, marks: Readonly<Record<string, number>>): Promise<void> {
  for (const [mark, count] of Object.entries(marks))
    await expect.poll(() => page.locator(`[role=grid] .mark-${mark}`).count(), PATIENT).toBe(count);
}
