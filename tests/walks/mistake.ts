// A typical mistake, made with the real program, and what is printed for it: fit to be read, and the same on every machine.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { writeFiles } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { program } from '../rig/program.ts';

export type Mistake = {
  /** What somebody did. */
  readonly name: string;
  /** Beside or in the place of a small sound experiment. */
  readonly files?: { readonly [name: string]: string | Uint8Array | null };
  readonly args: readonly string[];
  /** The first line says the cause. */
  readonly cause: RegExp;
  /** The last words say what to do. */
  readonly todo: RegExp;
  readonly env?: { readonly [name: string]: string };
  /** Commands that go before, and what happens then. */
  readonly before?: (folder: string) => Promise<Before> | Promise<void>;
  /** Where our words begin: what another program printed stands before them. `lines`: how many they are. */
  readonly from?: { readonly line: RegExp; readonly lines?: number };
  readonly needs?: 'python' | 'pytest';
};

/** What is there while the command runs. */
export type Before = { readonly env?: { readonly [name: string]: string } } & AsyncDisposable;

/** Nothing that is printed may hold it. */
export const SECRET = 'sk-proj-4fTq9Zr1LmXw8Yb2';

const SOUND: Mistake['files'] = {
  'experiment.yaml':
    'version: 1\nname: demo\nruns: 1\nprovider: sim\nscenarios: [scenarios.yaml]\nvariants:\n  plain: {}\n',
  'scenarios.yaml': '- { id: hello, input: Say hello., vars: { name: Ann } }\n',
};

/** A manifest that is sound but for these lines. */
export function manifest(lines: string, variants = '  plain: {}\n'): string {
  return `version: 1\nname: demo\nruns: 1\nprovider: sim\nscenarios: [scenarios.yaml]\n${lines}variants:\n${variants}`;
}

export type Printed = { readonly code: number | null; readonly text: string; readonly raw: string };

export async function printedFor(mistake: Mistake): Promise<Printed> {
  return withFolder(async (made) => {
    const folder = realpathSync(made);
    const files = Object.entries({ ...SOUND, ...mistake.files }).filter((one) => one[1] !== null);
    writeFiles(folder, Object.fromEntries(files) as { [name: string]: string });
    const before = (await mistake.before?.(folder)) ?? null;
    const { code, stdout, stderr } = await program(mistake.args, {
      cwd: folder,
      env: { SECRET_FOR_TESTS: SECRET, CI: 'false', ...mistake.env, ...before?.env },
    });
    await before?.[Symbol.asyncDispose]();
    // Tables and plans go to stdout, and what is wrong to stderr.
    const said = stderr.trim() === '' ? stdout : stderr;
    return { code, text: normal(wordsOf(said, mistake), folder), raw: `${stdout}${stderr}` };
  });
}

/** Progress comes by the clock: how often depends on the machine. */
const PROGRESS = /^\d+\/\d+ done |: pytest is collecting: /;

function wordsOf(said: string, { from }: Mistake): string {
  const lines = said.split('\n').filter((line) => !PROGRESS.test(line));
  if (from === undefined) return lines.join('\n');
  const first = Math.max(
    0,
    lines.findIndex((line) => from.line.test(line)),
  );
  return lines.slice(first, from.lines === undefined ? undefined : first + from.lines).join('\n');
}

/** What differs from machine to machine and from day to day. */
function normal(text: string, folder: string): string {
  return text
    .replaceAll(folder, '<folder>')
    .replaceAll(path.dirname(process.execPath), '<node>')
    .replace(/127\.0\.0\.1:\d+/g, '127.0.0.1:<port>')
    .replace(/\b\d{4}-\d{8}T\d{6}Z(?:-\w{8})?\b/g, '<invocation>')
    .replace(/\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?: UTC|Z)?/g, '<time>')
    .replace(/\bprocess \d+ on \S+/g, 'process <id> on <host>')
    .replace(/(?<![\w.])\/\S*\/python3/g, 'python3')
    .replace(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, '<duration>')
    .replace(/\b[0-9a-f]{32,64}\b/g, '<digest>')
    .trimEnd();
}

/** As it stands in the file of all of them. */
export function sectionOf({ name, args }: Mistake, { code, text }: Printed): string {
  return `== ${name}\n$ expgraph ${args.map(shown).join(' ')}\n${text}\n(exit ${code})\n`;
}

function shown(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word}'`;
}

/** By the mistake's name. */
export function sectionsIn(text: string): ReadonlyMap<string, string> {
  const sections = text.split(/^(?=== )/m).filter((one) => one.startsWith('== '));
  return new Map(sections.map((one) => [one.slice(3, one.indexOf('\n')), `${one.trimEnd()}\n`]));
}
