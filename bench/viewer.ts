// The matrix of 100,000 cells in Chromium: how long until its first rows are seen, and how many frames a second it scrolls with, against
// an empty page on the same machine.
import { serveViewer } from '../src/viewer/serve.ts';
import { findChromium, launchChromium, type Page } from '../tests/rig/chromium.ts';
import { manyCells } from '../tests/rig/many-cells.ts';
import { median, type Row, repeat } from './measure.ts';

const VISITS = 5;
/** px a frame: two and a half rows, a quick turn of the wheel that goes on. */
const STEP = 60;
const SCROLL_MS = 3_000;
const LEAST_FRAMES = 50;

export async function viewer(): Promise<readonly Row[]> {
  const program = findChromium();
  if (program === null) throw new Error('Chromium is missing: apt-get install chromium');
  const browser = await launchChromium(program);
  const newPage = async (): Promise<Page> => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    return context.newPage();
  };
  try {
    const empty = await newPage();
    await empty.setContent('<div style="height: 400000px; width: 10px">');
    const floor = await framesOf(empty, 'document.scrollingElement');
    const few = await measure({ scenarios: 16_667, variants: 2, runs: 3 }, newPage);
    const many = await measure({ scenarios: 417, variants: 60, runs: 4 }, newPage);
    const scrolling = (what: string, frames: number, wanted: number | null): Row => ({
      what: `scrolling through ${what}`,
      floor: `${floor.toFixed(0)} frames/s (an empty page)`,
      measured: `${frames.toFixed(0)} frames/s`,
      ratio: (frames / floor).toFixed(2),
      wanted: wanted === null ? '-' : `at least ${wanted}/s`,
      held: wanted === null || frames >= wanted,
    });
    return [
      {
        what: `first rows of ${few.cells} cells in Chromium`,
        floor: '-',
        measured: `${few.firstMs.toFixed(0)} ms`,
        ratio: '-',
        wanted: 'under 1 s',
        held: few.firstMs < 1_000,
      },
      scrolling(`${few.cells} cells in Chromium`, few.frames, LEAST_FRAMES),
      scrolling(`${many.cells} cells in 60 columns`, many.frames, null),
    ];
  } finally {
    await browser.close();
  }
}

async function measure(
  size: { readonly scenarios: number; readonly variants: number; readonly runs: number },
  newPage: () => Promise<Page>,
): Promise<{ readonly cells: string; readonly firstMs: number; readonly frames: number }> {
  const started = await serveViewer({ view: manyCells(size), port: 0, saveVerdict: null });
  if (started.kind === 'err') throw new Error(started.error);
  await using serving = started.value;
  const firsts = await repeat(VISITS, async () => {
    const page = await newPage();
    await page.goto(serving.address('/'));
    await page.locator('.mx-run').first().waitFor();
    const ms = (await page.evaluate('performance.now()')) as number;
    await page.context().close();
    return ms;
  });
  const page = await newPage();
  await page.goto(serving.address('/'));
  await page.locator('.mx-run').first().waitFor();
  const frames = await framesOf(page, "document.querySelector('.mx-grid')");
  await page.context().close();
  const cells = (size.scenarios * size.variants * size.runs).toLocaleString('en');
  return { cells, firstMs: median(firsts), frames };
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
