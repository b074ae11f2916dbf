// Every screen that README and docs/ show is printed anew by a test, or is what another program wrote.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { editFile, ROOT } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { CLI, NODE } from '../rig/program.ts';
import { blocksOf, pages } from './extract.ts';

/** By the page and the first words of the screen. */
const SCREENS: { readonly [screen: string]: string } = {
  'README.md: tokens latency': 'here: as `run` prints it',
  'README.md: experiment.yaml:5:7 error: "runs" must': 'tests/docs.test.ts: word for word',
  'docs/gates.md: gate wanted found': 'here: as `run` prints it',
  'docs/gates.md: experiment.yaml:57:41 error': 'here: as `plan` prints it',
  'docs/limits.md: Limits found: openai takes about':
    'tests/report/summary.test.ts: with another account beside it',
  'docs/limits.md: note: openai begins at 19/s,': 'tests/progress/plain.test.ts: word for word',
  'docs/reading.md: 7 of 120 cells did': 'here: as `run` prints it',
  'docs/report.md: ## Consistency - The': 'here: as `report` writes it',
  'docs/scorers.md: polite: 3 votes agree on': 'tests/report/agreement.test.ts: word for word',
  'docs/statistics.md: 8 x 3, pass or': 'written by npm run aa',
  'docs/watch.md: tool-interface · 17:26:42 · saved:':
    'tests/report/log.test.ts and tests/e2e/watch-terminal.test.ts: in a terminal',
  'docs/watch.md: tool-interface · 14:03:22 · saved:': 'here: as `watch` prints it',
};

let root: string;
let ran: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'expgraph-screens-'));
  expect((await inProcess(['init'], { cwd: root })).code).toBe(0);
  ran = (await inProcess(['run'], { cwd: root })).out;
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

function screens(): readonly { readonly name: string; readonly text: string }[] {
  return pages().flatMap((page) =>
    blocksOf(page, 'text').map(({ lines }) => {
      const text = lines.map(({ line }) => line).join('\n');
      const words = text.trim().split(/\s+/);
      const named = Object.keys(SCREENS).find((name) => `${page.page}: ${words.join(' ')}`.startsWith(name));
      return { name: named ?? `${page.page}: ${words.slice(0, 5).join(' ')}`, text };
    }),
  );
}

/** What does not change from run to run: numbers are one sign, and how lines are broken hangs on how long they are. */
function shape(text: string): string {
  return (
    text
      .replace(/\d[\d.,:]*/g, '#')
      .replace(/# (ms|s)\b/g, '# s')
      // A terminal has keys, a pipe has none.
      .replace(/(Watching # files · ).*/g, '$1')
      .replace(/─+/g, '─')
      .replace(/\s+/g, ' ')
      .trim()
  );
}

const screen = (name: string): string => screens().find((one) => one.name.startsWith(name))!.text;

it('knows of every screen of a page which test prints it', () => {
  const names = screens().map(({ name }) => name);
  expect(
    names.filter((name) => !Object.hasOwn(SCREENS, name)),
    'print them in tests/docs-run/screens.test.ts',
  ).toEqual([]);
  expect(
    Object.keys(SCREENS).filter((name) => !names.includes(name)),
    'nobody shows them any more',
  ).toEqual([]);
});

it('shows the first run in the README as the program prints it', () => {
  expect(shape(screen('README.md: tokens'))).toBe(shape(ran));
});

/** Word for word: nothing in it hangs on the time that something took. */
const wordsIn = (text: string): string => text.replace(/\n{2,}/g, '\n');

it('shows which cells did not pass as the program prints it', () => {
  expect(wordsIn(ran)).toContain(screen('docs/reading.md: 7 of 120'));
});

it('shows a part of a report as the program writes it', async () => {
  const { out } = await inProcess(['report', '--format', 'md'], { cwd: root });
  expect(wordsIn(out)).toContain(wordsIn(screen('docs/report.md: ## Consistency')));
}, 300_000);

it('shows a gate, and a mistake in one, as the program prints them', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-screens-'));
  const gate = (condition: string): void =>
    editFile(
      path.join(folder, 'experiment.yaml'),
      (text) =>
        `${text.replace(/^gate:[\s\S]*/m, '')}gate:\n  pass: ">= 0.9"\n  variants.applike.pass: "${condition}"\n  cost: "<= $0.50"\n`,
    );
  try {
    expect((await inProcess(['init'], { cwd: folder })).code).toBe(0);
    gate('no worse than baseline by 0.01');
    const { code, out } = await inProcess(['run'], { cwd: folder });
    expect(code).toBe(6);
    expect(wordsIn(out)).toContain(screen('docs/gates.md: gate wanted found'));
    gate('no worse than basline by 0.05');
    const { err } = await inProcess(['plan'], { cwd: folder });
    expect(shape(err)).toContain(shape(screen('docs/gates.md: experiment.yaml:57:41')));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 300_000);

it('shows a round of watch as the program prints it', async () => {
  const child = spawn(NODE, [CLI, 'watch'], {
    cwd: root,
    env: { PATH: process.env.PATH, HOME: root, LANG: 'C.UTF-8' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let said = '';
  let isEdited = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    const rounds = said.split(/Watching \d+ files/).length - 1;
    if (rounds === 1 && !isEdited) {
      isEdited = true;
      editFile(path.join(root, 'scenarios/ambiguous.yaml'), (before) =>
        before.replace('7 on Wednesday', '7 on Friday'),
      );
    }
    if (rounds === 2 && !child.killed) child.kill('SIGINT');
  });
  await new Promise((resolve) => child.on('close', resolve));
  for (const piece of screen('docs/watch.md: tool-interface · 14:03:22').split(/^\(.*\)$/m))
    expect(shape(said)).toContain(shape(piece));
}, 300_000);

it('writes the pages with the name under which the program is started', () => {
  // Inside a shell block a bare `expgraph` is not there where the package is a dependency of the project.
  const bare = pages().flatMap((page) =>
    blocksOf(page, 'sh').flatMap(({ lines }) => lines.filter(({ line }) => /^expgraph /.test(line))),
  );
  expect(bare).toEqual([]);
  expect(readFileSync(path.join(ROOT, 'README.md'), 'utf8')).toContain('npx expgraph run');
});
