// One direction that a newcomer comes from, walked with the real program: each command and each edit is a step that is counted.
import assert from 'node:assert/strict';
import path from 'node:path';
import { editFile, writeFiles } from '../rig/files.ts';
import type { Ended } from '../rig/program.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { startInTerminal, type Terminal } from '../rig/terminal.ts';

export type Step =
  | {
      readonly kind: 'command';
      /** As it is typed. */
      readonly typed: string;
      readonly code: number | null;
      readonly lines: number;
      readonly seconds: number;
    }
  | { readonly kind: 'edit'; readonly what: string };

export type Walked = { readonly direction: string; readonly steps: readonly Step[] };

type Env = { readonly [name: string]: string };

export type Walk = {
  readonly folder: string;
  readonly steps: readonly Step[];
  in(name: string): string;
  /** One command, to its end, in a pipe. A code other than the wanted one fails the walk, and shows what was printed. */
  type(typed: string, options?: { readonly code?: number; readonly env?: Env }): Promise<Ended>;
  /** The same in a terminal, where somebody presses keys; `use` ends when there is no more to do. */
  inTerminal(
    typed: string,
    options: { readonly code?: number | null; readonly env?: Env; use(terminal: Terminal): Promise<void> },
  ): Promise<string>;
  /** What the user does in an editor. */
  edit(name: string, edit: (text: string) => string): void;
  /** A file that the user brings along or writes: one edit. */
  write(name: string, text: string): void;
};

export function startWalk(): Walk {
  const folder = tempFolder();
  const steps: Step[] = [];
  const since = (startedMs: number): number => (performance.now() - startedMs) / 1000;
  return {
    folder,
    steps,
    in: (name) => path.join(folder, name),
    async type(typed, { code = 0, env = {} } = {}) {
      const startedMs = performance.now();
      const ended = await startCli(wordsOf(typed), { cwd: folder, env }).ended;
      const lines = linesOf(ended.stdout) + linesOf(ended.stderr);
      steps.push({ kind: 'command', typed, code: ended.code, lines, seconds: since(startedMs) });
      assert.equal(
        ended.code,
        code,
        `${typed}\n${ended.stdout.slice(-3_000)}\n${ended.stderr.slice(-3_000)}`,
      );
      return ended;
    },
    async inTerminal(typed, { code = 0, env = {}, use }) {
      const startedMs = performance.now();
      const terminal = startInTerminal(wordsOf(typed), { cwd: folder, env });
      await use(terminal);
      const ended = await terminal.code;
      const lines = linesOf(terminal.shown());
      steps.push({ kind: 'command', typed, code: ended, lines, seconds: since(startedMs) });
      if (code !== null) assert.equal(ended, code, terminal.shown().slice(-3_000));
      return terminal.shown();
    },
    edit(name, edit) {
      editFile(path.join(folder, name), edit);
      steps.push({ kind: 'edit', what: name });
    },
    write(name, text) {
      writeFiles(folder, { [name]: text });
      steps.push({ kind: 'edit', what: name });
    },
  };
}

/** Words as a shell would split them: spaces, and single quotes around what has some. */
function wordsOf(typed: string): readonly string[] {
  const words = [...typed.matchAll(/'([^']*)'|(\S+)/g)].map((match) => match[1] ?? match[2]!);
  assert.deepEqual(words.slice(0, 2), ['npx', 'expgraph']);
  return words.slice(2);
}

function linesOf(text: string): number {
  return text.split('\n').filter((line) => line.trim() !== '').length;
}
