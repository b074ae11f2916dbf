// Every command that README, docs/ and --help show is executed in a folder of its own, or parsed by the program where it cannot be.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Block, blocksOf, examplesOf, pages, type Shown, spansOf } from './docs-run/extract.ts';
import { emptyFolder, experiment } from './docs-run/fixture.ts';
import { ENDS_WITH, NOT_RUN } from './docs-run/not-run.ts';
import { helpTexts, mistakeIn, wordsOf } from './docs-run/parse.ts';
import { reviewFor } from './docs-run/reviews.ts';
import { inProcess } from './rig/in-process.ts';
import { CLI, NODE } from './rig/program.ts';
import { PYTHON_WITH_PYTEST } from './rig/python.ts';

const PAGES = pages();
const HELPS = await helpTexts();
const BLOCKS: readonly Block[] = [
  ...PAGES.flatMap((page) => blocksOf(page, 'sh')),
  ...[...HELPS].map(([command, help]) => examplesOf(command, help)),
].filter(({ lines }) => lines.length > 0);

const isListed = ({ line }: Shown): boolean => Object.hasOwn(NOT_RUN, line);
/** They stay until somebody leaves. */
const stays = ({ line }: Shown): boolean =>
  /^(npx )?expgraph (watch|sim|view|review open(?!.*--static))\b/.test(line);

let root: string;
beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'expgraph-docs-'));
  mkdirSync(path.join(root, 'ready'));
  await experiment(path.join(root, 'ready'));
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** `init` is shown for a folder where nothing is yet. */
function folderFor(where: string, lines: readonly Shown[]): string {
  const folder = path.join(root, where.replace(/\W+/g, '_'), 'work');
  if (lines.some(({ line }) => /\bexpgraph init\b/.test(line))) {
    mkdirSync(folder, { recursive: true });
    emptyFolder(folder);
  } else {
    cpSync(path.join(root, 'ready'), folder, { recursive: true });
  }
  return folder;
}

it('parses every command that a page or a help shows', async () => {
  const shown = [...BLOCKS.flatMap(({ lines }) => lines), ...PAGES.flatMap(spansOf)];
  const wrong: string[] = [];
  for (const { where, line } of shown) {
    const mistake = await mistakeIn(line);
    if (mistake !== null) wrong.push(`${where}: ${line}\n    ${mistake}`);
  }
  expect(shown.length).toBeGreaterThan(120);
  expect(wrong, 'commands that the program does not take').toEqual([]);
});

it('lists no command as not to be run that nobody shows any more', () => {
  const shown = new Set(BLOCKS.flatMap(({ lines }) => lines.map(({ line }) => line)));
  const stale = [...Object.keys(NOT_RUN), ...Object.keys(ENDS_WITH)].filter((line) => !shown.has(line));
  expect(stale, 'take these out of tests/docs-run/not-run.ts').toEqual([]);
});

it.concurrent.each(BLOCKS.map((block) => [block.where, block] as const))(
  'runs what %s shows',
  async (_, block) => {
    const wrong: string[] = [];
    const lines = block.lines.filter((one) => !isListed(one) && !stays(one));
    const folder = folderFor(block.where, block.lines);
    const ended = block.kind === 'script' ? await runLines(folder, lines) : await runEach(block.where, lines);
    for (const { where, line, code, said } of ended) {
      if (code === (ENDS_WITH[line]?.code ?? 0)) continue;
      wrong.push(`${where}: ${line}\n  ended with ${code}: ${said}`);
    }
    for (const [at, one] of block.lines.filter((line) => stays(line) && !isListed(line)).entries()) {
      const isReview = one.line.includes('review open');
      const own = isReview ? folderFor(`${block.where} stays ${at}`, [one]) : folder;
      if (isReview) await reviewFor(own, one.line);
      const { code, said } = await runAndLeave(own, one.line);
      if (code !== 0 && code !== 130) wrong.push(`${one.where}: ${one.line}\n  ended with ${code}: ${said}`);
    }
    expect(
      wrong,
      'make these work in the sample experiment (tests/docs-run/fixture.ts), or list them with the reason in tests/docs-run/not-run.ts',
    ).toEqual([]);
  },
  // A limit, no expectation: processes of a loaded machine take what they take.
  300_000,
);

type LineEnd = Shown & { readonly code: number; readonly said: string };

/** Examples of a help are choices: each begins with a folder of its own. Where its output goes is the shell's affair. */
async function runEach(where: string, lines: readonly Shown[]): Promise<readonly LineEnd[]> {
  const ended: LineEnd[] = [];
  for (const [at, one] of lines.entries()) {
    const folder = folderFor(`${where} ${at}`, [one]);
    await reviewFor(folder, one.line);
    if (one.line.includes('--refresh')) await inProcess(['init', '--from-pytest'], { cwd: folder });
    for (const part of one.line.split(' && ')) {
      const [, ...argv] = wordsOf(part.split(' | ')[0]!);
      const { code, out, err } = await inProcess(argv, { cwd: folder });
      ended.push({ ...one, code, said: `${out}${err}`.slice(-1_500) });
    }
  }
  return ended;
}

const SHELL = `npx() { "$@"; }; expgraph() { "$NODE" "$CLI" "$@"; }; pytest() { ${PYTHON_WITH_PYTEST} -m pytest "$@"; }`;

/** One shell for all: variables and folders are those of the lines before. */
async function runLines(folder: string, lines: readonly Shown[]): Promise<readonly LineEnd[]> {
  if (lines.length === 0) return [];
  const script = lines
    .map(({ line }, at) => `{ ${line}\n} 2>&1; ended=$?; echo; echo "@@${at}@@$ended"`)
    .join('\n');
  const { said } = await shell(folder, `set -o pipefail; ${SHELL}\n${script}`);
  const pieces = said.split(/@@\d+@@/);
  return lines.map((one, at) => ({
    ...one,
    code: Number.parseInt(pieces[at + 1] ?? '1', 10),
    said: (pieces[at] ?? '').slice(-1_500),
  }));
}

/** Left as soon as it says that it is there. */
function runAndLeave(
  folder: string,
  line: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const command = line.replace(/^(npx )?expgraph /, 'exec "$NODE" "$CLI" ');
  return shell(
    folder,
    command,
    (child, said) => !child.killed && /Watching \d+ files|Ctrl-C ends it/.test(said) && child.kill('SIGINT'),
  );
}

function shell(
  cwd: string,
  script: string,
  onWord: (child: ReturnType<typeof spawn>, said: string) => void = () => {},
): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { PATH: process.env.PATH, HOME: path.dirname(cwd), LANG: 'C.UTF-8', NODE, CLI },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const take = (text: string): void => {
    said += text;
    onWord(child, said);
  };
  child.stdout!.setEncoding('utf8').on('data', take);
  child.stderr!.setEncoding('utf8').on('data', take);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}
