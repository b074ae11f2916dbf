// Pictures of the pages for README and docs/: `npm run screenshots`. The sample experiment, the real program, a real browser.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { findChromium, launchChromium, type Page } from '../tests/rig/chromium.ts';
import { withPalette } from './png.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CLI = path.join(ROOT, 'bin/expgraph.js');
const IMAGES = path.join(ROOT, 'docs/images');
/** They are in the package as well. */
const MAX_BYTES = 150_000;

const DESK = { width: 1280, height: 720 };
const PHONE = { width: 390, height: 844 };

type Shot = {
  readonly name: string;
  /** Of the page that is served, or a file. */
  readonly at: string;
  /** What has to be there before it is taken. */
  readonly shows: string;
  readonly size?: typeof DESK;
  readonly isDark?: boolean;
  /** What somebody does there first. */
  readonly act?: (page: Page) => Promise<void>;
};

const SHOTS: readonly Shot[] = [
  { name: 'matrix', at: '/matrix', shows: '[role=grid] .mark-failed' },
  { name: 'matrix-dark', at: '/matrix', shows: '[role=grid] .mark-failed', isDark: true },
  { name: 'matrix-phone', at: '/matrix', shows: '[role=grid] .mark-failed', size: PHONE },
  {
    name: 'side-by-side',
    at: `/scenario?${new URLSearchParams({ scenario: 'ambiguous:seven-on-wednesday' })}`,
    shows: 'text=Just to be sure about the gym',
  },
  { name: 'compare', at: '/compare', shows: 'main figure svg' },
  { name: 'timeline', at: '/timeline', shows: 'main canvas' },
];

const REPORT: Shot = { name: 'report', at: '', shows: 'main' };
const CARD: Shot = {
  name: 'review',
  at: '',
  shows: 'main [role=radiogroup]',
  // Two of three questions are answered.
  act: async (page) => {
    await page.keyboard.press('1');
    await page.keyboard.press('2');
  },
};

/** What people are asked, as docs/review.md begins with it. */
const REVIEW = `
review:
  dimensions:
    tool_selection: Is this the right tool, or is asking better?
    parameter_quality: Is everything in the call that was said, and nothing that was not?
    naturalness: Would the user feel understood?
  labels:
    good: { value: 3, anchor: Nothing to change. }
    acceptable: { value: 2, anchor: Small flaws that nobody would mind. }
    poor: { value: 1, anchor: Not to be shown to a user. }
  mask: [tools, arguments]
`;

const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-screenshots-'));
const program = findChromium();
if (program === null) throw new Error('Chromium is missing: apt-get install chromium');
const browser = await launchChromium(program);
try {
  mkdirSync(IMAGES, { recursive: true });
  await makeExperiment();
  await using view = await serve('view');
  for (const shot of SHOTS) await take(new URL(shot.at, view.url).href, { shot, first: view.url });
  await expgraph('report', '-o', 'report.html');
  await take(pathToFileURL(path.join(folder, 'report.html')).href, { shot: REPORT, first: null });
  await expgraph('review', 'start');
  await using reading = await serve('review', 'open', '--reviewer', 'ann');
  await take(reading.url, { shot: CARD, first: null });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** The sample as a team has it after an afternoon: drawn, a scenario edited, drawn again. */
async function makeExperiment(): Promise<void> {
  await expgraph('init');
  appendFileSync(path.join(folder, 'experiment.yaml'), REVIEW);
  await expgraph('run');
  const file = path.join(folder, 'scenarios/ambiguous.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace('catch up with Grandma', 'catch up with Granny'));
  await expgraph('run');
}

async function expgraph(...args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], { cwd: folder });
  return stdout;
}

/** A command that serves a page, until it is not needed any more. */
async function serve(...args: readonly string[]): Promise<AsyncDisposable & { readonly url: string }> {
  const child: ChildProcess = spawn(process.execPath, [CLI, ...args, '--json'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { url } = JSON.parse(`${(await once(child.stdout!, 'data'))[0]}`) as { url: string };
  return {
    url,
    async [Symbol.asyncDispose]() {
      child.kill('SIGINT');
      await once(child, 'exit');
    },
  };
}

async function take(
  address: string,
  { shot, first }: { readonly shot: Shot; readonly first: string | null },
): Promise<void> {
  const { name, shows, size = DESK, isDark = false, act } = shot;
  const context = await browser.newContext({
    viewport: size,
    colorScheme: isDark ? 'dark' : 'light',
    isMobile: size === PHONE,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  // The address that the command printed brings the token.
  if (first !== null) await page.goto(first);
  await page.goto(address);
  await page.waitForSelector(shows);
  await act?.(page);
  // Fonts, and what is drawn after the data has come.
  await page.evaluate(
    'document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 200))))',
  );
  const png = withPalette(await page.screenshot());
  if (png.length > MAX_BYTES) throw new Error(`${name}.png has ${png.length} bytes: too many for a package`);
  writeFileSync(path.join(IMAGES, `${name}.png`), png);
  await context.close();
}
