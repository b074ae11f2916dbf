// One pytest that collects and runs nothing: its plugin tells each item, pytest itself what is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { JsonObject } from '../../core/json.ts';
import { startLimit } from '../../core/limit.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import { startProcess } from '../../providers/spawn.ts';
import { makePluginLines } from '../../worker/pytest/plugin-lines.ts';
import { CommandError } from './command-error.ts';
import { note, type World } from './world.ts';

const TIMEOUT_MS = 120_000;
/** Imports of large clients take a second; after this whoever waits is told for what. */
const SILENT_MS = 2_000;
const KEPT_CHARS = 8_000;
const SHOWN_LINES = 40;

export type PytestQuestion = {
  readonly io: Pick<World, 'clock' | 'notify'>;
  /** Absolute; pytest starts here. */
  readonly folder: string;
  readonly python: string;
  /** Paths and arguments. */
  readonly words: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** Of the plugin's job. */
  readonly job: JsonObject;
  readonly signal: AbortSignal;
  /** What to do, where pytest's own words show what is missing. */
  readonly hint?: (words: string) => string | null;
};

/**
 * The plugin's lines: one an item, and one of the modules.
 * @throws CommandError with pytest's own words where it cannot collect
 */
export async function askPytest(input: PytestQuestion): Promise<readonly JsonObject[]> {
  const { io, folder, python, words } = input;
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'expgraph-pytest-'));
  const job = path.join(scratch, 'job.json');
  writeFileSync(job, JSON.stringify({ v: 1, mode: 'collect', cells: [], ...input.job }), { mode: 0o600 });
  const lines: JsonObject[] = [];
  const problems: string[] = [];
  let printed = '';
  const keep = (text: string): void => {
    printed = (printed + text).slice(-KEPT_CHARS);
  };
  const argv = [
    python,
    '-m',
    'pytest',
    '--collect-only',
    '-q',
    '--color=no',
    '-p',
    'expgraph_pytest',
    ...words,
  ];
  const child = startProcess({
    argv,
    cwd: folder,
    env: { ...input.env, EXPGRAPH_FD: '3', EXPGRAPH_JOB: job },
    onOutput: keep,
    onErrors: keep,
    signal: input.signal,
    onNews: makePluginLines((line) => {
      lines.push(line);
      if (line.type === 'problem' && typeof line.message === 'string') problems.push(line.message);
    }),
  });
  // Its input stays open: at its end the plugin would take us for gone, and stop.
  const command = sanitizeLine([python, '-m', 'pytest', '--collect-only', ...words].join(' ').slice(0, 300));
  const telling = startLimit(io.clock, SILENT_MS, () => note(io, `pytest is collecting: ${command}`));
  let isLate = false;
  const limit = startLimit(io.clock, TIMEOUT_MS, () => {
    isLate = true;
    child.kill();
  });
  const { problem, exitCode, signal } = await child.ended;
  telling.cancel();
  limit.cancel();
  rmSync(scratch, { recursive: true, force: true });
  if (input.signal.aborted) return [];
  if (isCollected({ exitCode, problems, lines })) return lines;
  // Its own words, without what could play with a terminal.
  const said = sanitizeBlock(printed.trimEnd().split('\n').slice(-SHOWN_LINES).join('\n'));
  if (problem === null && said !== '') io.notify({ kind: 'lines', text: said });
  const how = isLate ? `it was not done in ${TIMEOUT_MS / 1000} s` : problem;
  const why =
    how ?? causeOf(problems) ?? lastLine(said) ?? `it ended with ${signal ?? `exit code ${exitCode}`}`;
  const hint = input.hint?.(`${problems.join('\n')}\n${printed}`) ?? `see it with: ${command}`;
  throw new CommandError(
    sanitizeLine(`pytest could not collect: ${why.slice(0, 600)}; nothing was started (${hint})`),
  );
}

/** 5: there is no test. 1: files that cannot be collected were to be left out (--continue-on-collection-errors). */
function isCollected(input: {
  readonly exitCode: number | null;
  readonly problems: readonly string[];
  readonly lines: readonly JsonObject[];
}): boolean {
  if (input.exitCode === 1) return input.lines.some(({ type }) => type === 'item');
  return (input.exitCode === 0 || input.exitCode === 5) && input.problems.length === 0;
}

/** Of a traceback its last line says what is wrong, and its first whose it is. */
function causeOf(problems: readonly string[]): string | null {
  const lines = (problems[0] ?? '').split('\n').filter((line) => line.trim() !== '');
  const errors = lines.filter((line) => /^E\s/.test(line));
  const last = (errors.at(-1) ?? lines.at(-1))?.replace(/^E\s+/, '');
  if (last === undefined) return null;
  const where = /^([^\s:]+(?:::[^\s:]+)?):\s/.exec(lines[0]!)?.[1];
  return lines.length === 1 || where === undefined ? last : `${where}: ${last}`;
}

function lastLine(said: string): string | null {
  return said === ''
    ? null
    : (said.split('\n').findLast((line) => /^(?:ERROR|E )/.test(line)) ?? said.split('\n').at(-1)!);
}
