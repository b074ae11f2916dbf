// Files of inputs in a browser: shown as what their bytes are, to who has the page's token, and nothing of them runs.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { openView } from '../../src/project/view/open-view.ts';
import { inBrowser, type Page } from '../rig/browser.ts';
import { cli } from '../rig/cli.ts';
import { writeFiles } from '../rig/files.ts';
import { PDF, png, SVG, wav } from '../rig/media.ts';
import { tempFolder } from '../rig/temp.ts';
import { makeView, startViewer } from '../rig/viewer.ts';
import { testWorld } from '../rig/world.ts';

const NAME = '<img src=x onerror=owned()>.png';
const REVIEW = {
  dimensions: { right: 'Is it right?' },
  labels: { yes: { value: 1, anchor: 'It is.' }, no: { value: 0, anchor: 'It is not.' } },
};

/** A picture to who looks at its beginning, a page to who is told that it is one. */
const POLYGLOT = Buffer.concat([png(8, 8), Buffer.from('<html><script>owned()</script></html>')]);

async function shown(folder: string): Promise<void> {
  writeFiles(folder, {
    'experiment.yaml': JSON.stringify({
      ...{ version: 1, name: 'shown', provider: 'sim', model: 'm', sim: { answers: 'answers.json' } },
      ...{
        scenarios: ['scenarios.json'],
        variants: { a: {}, b: { salt: 'b' } },
        review: REVIEW,
      },
    }),
    'answers.json': JSON.stringify({ all: { variants: { a: 'Red.', b: 'Blue.' } } }),
    'scenarios.json': JSON.stringify([
      {
        id: 'all',
        input: [
          { type: 'image', file: NAME },
          { type: 'image', file: 'polyglot.png' },
          { type: 'audio', file: 'a.wav' },
          { type: 'pdf', file: 'doc.pdf' },
          { type: 'text', text: 'What is all this?' },
        ],
      },
    ]),
  });
  writeFileSync(path.join(folder, NAME), png(64, 48));
  writeFileSync(path.join(folder, 'polyglot.png'), POLYGLOT);
  writeFileSync(path.join(folder, 'a.wav'), wav());
  writeFileSync(path.join(folder, 'doc.pdf'), PDF);
}

/** Pictures that are there, by their size in pixels. */
const pictures = (page: Page): Promise<readonly string[]> =>
  page.$$eval('.files img', (all) =>
    all.map((one) => {
      const { naturalWidth, naturalHeight } = one as HTMLImageElement;
      return `${naturalWidth}x${naturalHeight}`;
    }),
  );

const isOwned = (page: Page): Promise<boolean> => page.evaluate(() => 'owned' in globalThis);

inBrowser('files of inputs', (visit) => {
  test('are shown beside the text before and after a run, with their names as text', async () => {
    const folder = tempFolder();
    await shown(folder);
    using view = await openView(testWorld(folder), { file: 'experiment.yaml' });
    const { address } = await startViewer(view);
    for (const isDrawn of [false, true]) {
      if (isDrawn) expect((await cli(['run'], { cwd: folder })).code).toBe(0);
      const { page, troubles } = await visit(address('/scenario?scenario=all'));
      await page.waitForFunction(() => document.querySelectorAll('.asked .files img').length === 2);
      await page.waitForFunction(() =>
        [...document.querySelectorAll('.files img')].every(
          (one) => (one as HTMLImageElement).naturalWidth > 0,
        ),
      );
      expect(await pictures(page)).toEqual(['64x48', '8x8']);
      expect(await page.textContent('.asked figcaption')).toBe(`image ${NAME} 64x48 ${png(64, 48).length} B`);
      await page.waitForSelector('.asked audio[controls]');
      const link = page.locator('.asked .file-link');
      expect([await link.textContent(), await link.getAttribute('download')]).toEqual([
        `pdf doc.pdf ${PDF.length} B`,
        expect.stringMatching(/^pdf-[0-9a-f]{8}-\d+B\.pdf$/),
      ]);
      const [download] = await Promise.all([page.waitForEvent('download'), link.click()]);
      expect(readFileSync((await download.path())!).equals(PDF)).toBe(true);
      expect([troubles, await isOwned(page)]).toEqual([[], false]);
    }
  });

  test('are inside of a report that works from disk, up to its limit', async () => {
    const folder = tempFolder();
    await shown(folder);
    // More than one file of a report holds.
    const large = Buffer.concat([png(8, 8), Buffer.alloc(2_500_000)]);
    writeFileSync(path.join(folder, 'polyglot.png'), large);
    await cli(['run'], { cwd: folder });
    const made = await cli(['report', '-o', 'report.html'], { cwd: folder });
    expect(made.stderr).toContain('were left out of it: image polyglot.png 8x8 2.5 MB');
    const { page, troubles } = await visit(
      `${pathToFileURL(path.join(folder, 'report.html'))}#/scenario?scenario=all`,
    );
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.files img')].some((one) => (one as HTMLImageElement).naturalWidth > 0),
    );
    expect(await pictures(page)).toEqual(['64x48']);
    const words = await page.textContent('.files .file-words');
    expect(words).toContain('polyglot.png 8x8 2.5 MB: left out of this file');
    expect([troubles, await isOwned(page)]).toEqual([[], false]);
  });

  test('are on the cards of a blind review, and their names are not', async () => {
    const folder = tempFolder();
    await shown(folder);
    await cli(['run'], { cwd: folder });
    const began = await cli(['review', 'start'], { cwd: folder });
    expect([began.code, began.stderr]).toEqual([0, expect.any(String)]);
    const made = await cli(['review', 'open', '--static', 'cards.html', '--reviewer', 'ann'], {
      cwd: folder,
    });
    expect([made.code, made.stderr]).toEqual([0, expect.any(String)]);
    const deck = readdirSync(folder, { recursive: true })
      .map(String)
      .find((name) => name.endsWith('deck.jsonl'))!;
    const cards = readFileSync(path.join(folder, deck), 'utf8');
    expect(cards).toContain('"media_type":"image/png"');
    for (const name of [NAME, 'polyglot.png', 'a.wav', 'doc.pdf']) expect(cards).not.toContain(name);
    const { page, troubles } = await visit(`${pathToFileURL(path.join(folder, 'cards.html'))}`);
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.review-card .files img')].some(
        (one) => (one as HTMLImageElement).naturalWidth > 0,
      ),
    );
    expect(await page.textContent('.review-card figcaption')).toBe(`image 64x48 ${png(64, 48).length} B`);
    expect([troubles, await isOwned(page)]).toEqual([[], false]);
  });
});

describe('the address of a file', () => {
  const held = new Map(
    [
      png(4, 4),
      PDF,
      wav(),
      POLYGLOT,
      Buffer.from(SVG),
      Buffer.from('{"text":"an answer"}'),
      Buffer.alloc(0),
    ].map((bytes) => [createHash('sha256').update(bytes).digest('hex'), bytes]),
  );
  const view = { ...makeView(), file: async (sha256: string) => held.get(sha256) ?? null };

  it('gives each as what its bytes are, to be kept apart from the page', async () => {
    const { ask } = await startViewer(view);
    const given = await Promise.all([...held.keys()].map((sha256) => ask(`/api/file/${sha256}`)));
    expect(given.map(({ status, headers }) => [status, headers['content-type']])).toEqual([
      ...[
        [200, 'image/png'],
        [200, 'application/pdf'],
        [200, 'audio/wav'],
        [200, 'image/png'],
      ],
      // An SVG, a body of a record and nothing at all are no files of an input.
      ...[
        [404, expect.any(String)],
        [404, expect.any(String)],
        [404, expect.any(String)],
      ],
    ]);
    expect(given[0]!.headers).toMatchObject({
      ...{
        'x-content-type-options': 'nosniff',
        'content-disposition': 'attachment',
        'cache-control': 'no-store',
      },
      ...{ 'cross-origin-resource-policy': 'same-origin' },
    });
  });

  it('asks for the token, the method and the host as every other does', async () => {
    const { ask, port } = await startViewer(view);
    const [sha256] = held.keys();
    const at = `/api/file/${sha256}`;
    expect((await ask(at, { headers: { authorization: 'Bearer x' } })).status).toBe(401);
    expect((await ask(at, { headers: { host: `evil.example:${port}` } })).status).toBe(403);
    expect((await ask(at, { method: 'POST' })).status).toBe(405);
    expect((await ask(at, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  it('knows digests and nothing else', async () => {
    const { ask } = await startViewer(view);
    for (const name of ['..%2f..%2fetc%2fpasswd', 'a', 'A'.repeat(64), `${'a'.repeat(64)}/x`, ''])
      expect([name, (await ask(`/api/file/${name}`)).status]).toEqual([name, 404]);
  });
});
