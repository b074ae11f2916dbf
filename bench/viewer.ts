// The matrix of 100,002 cells in Chromium: how long until its first rows are seen, and how many frames a second it scrolls with, against
// a page without anything in it on the same machine.

import { serveViewer } from '../src/viewer/serve.ts';
import { findChromium, launchChromium, type Page } from '../tests/rig/chromium.ts';
import { manyCells } from '../tests/rig/many-cells.ts';
import { median, type Row, repeat } from './measure.ts';

const SIZE = { scenarios: 16_667, variants: 2, runs: 3 };
const VISITS = 5;
/** px a frame: two and a half rows, a quick turn of the wheel that goes on. */
const STEP = 60;
const SCROLL_MS = 3_000;

export async function viewer(): Promise<readonly Row[]> {
  const program = findChromium();
  if (program === null) throw new Error('Chromium is missing: apt-get install chromium');
  const started = await serveViewer({ view: manyCells(SIZE), port: 0, saveVerdict: null });
  if (started.kind === 'err') throw new Error(started.error);
  await using serving = started.value;
  const browser = await launchChromium(program);
  try {
    const visit = async (): Promise<Page> => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
      return context.newPage();
    };
    const paints = await repeat(VISITS, async () => {
      const page = await visit();
      await page.goto(serving.address('/'));
      await page.locator('.mx-run').first().waitFor();
      const ms = await page.evaluate('performance.now()');
      await page.context().close();
      return ms as number;
    });
    const page = await visit();
    await page.setContent('<div style="height: 400000px; width: 10px">');
    const bare = await framesOf(page, 'document.scrollingElement');
    await page.goto(serving.address('/'));
    await page.locator('.mx-run').first().waitFor();
    const scrolled = await framesOf(page, "document.querySelector('.mx-grid')");
    const cells = SIZE.scenarios * SIZE.variants * SIZE.runs;
    const what = cells.toLocaleString('en');
    return [
      {
        what: `first rows of ${what} cells in Chromium`,
        floor: '-',
        measured: `${median(paints).toFixed(0)} ms`,
        ratio: '-',
        wanted: 'under 1 s',
        held: median(paints) < 1_000,
      },
      {
        what: `scrolling through ${what} cells in Chromium`,
        floor: `${bare.toFixed(0)} frames/s (an empty page)`,
        measured: `${scrolled.toFixed(0)} frames/s`,
        ratio: (scrolled / bare).toFixed(2),
        wanted: 'at least 50/s',
        held: scrolled >= 50,
      },
    ];
  } finally {
    await browser.close();
  }
}

/** Frames a second, as the browser makes them, while an element scrolls by a step a frame. */
async function framesOf(page: Page, element: string): Promise<number> {
  const script = `new Promise((resolve) => {
    const element = ${element};
    const start = performance.now();
    let frames = 0;
    const step = (now) => {
      if (now - start >= ${SCROLL_MS}) return resolve((frames * 1000) / (now - start));
      frames++;
      element.scrollTop += ${STEP};
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  })`;
  return (await page.evaluate(script)) as number;
}
