// A command of the program within this process: a hundred of them take as long as ten processes.

import type { Io } from '../../src/cli/io.ts';
import { runCommandLine } from '../../src/cli/main.ts';
import { makeIo } from '../../src/cli/real-io.ts';
import { clockOf } from '../../src/core/clock.ts';

export type Said = { readonly code: number; readonly out: string; readonly err: string };

export async function inProcess(
  argv: readonly string[],
  of: {
    readonly cwd: string;
    readonly env?: Io['env'];
    readonly colors?: boolean;
    /** Who does the work, where it is not whoever the table of executors names. */
    readonly makeExecutor?: Io['makeExecutor'];
  },
): Promise<Said> {
  let out = '';
  let err = '';
  const pipe = {
    isTerminal: false,
    isTty: false,
    colors: of.colors ?? false,
    columns: () => 100,
    rows: () => 24,
  };
  const io = makeIo({
    detail: 'normal',
    out: { ...pipe, write: (text) => (out += text), raw: (text) => (out += text) },
    err: { ...pipe, write: (text) => (err += text), raw: (text) => (err += text) },
    env: { PATH: process.env.PATH, HOME: of.cwd, ...of.env },
    cwd: of.cwd,
    given: { folders: [], file: null },
    clock: clockOf(globalThis),
    random: Math.random,
    redactWith: () => {},
    clean: (text) => text,
    ...(of.makeExecutor ? { makeExecutor: of.makeExecutor } : {}),
  });
  const code = await runCommandLine(io, argv);
  return { code, out, err };
}
