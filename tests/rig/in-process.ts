// A command of the program within this process: a hundred of them take as long as ten processes.

import { type Io, isGithub } from '../../src/cli/io.ts';
import { runCommandLine } from '../../src/cli/main.ts';
import { makeIo } from '../../src/cli/real-io.ts';
import { clockOf } from '../../src/core/clock.ts';
import type { Redact } from '../../src/core/redact.ts';
import { withoutCommands } from '../../src/core/workflow-commands.ts';
import { testEnv } from './test-env.ts';

const HOME = process.cwd();
let running = 0;

export type Said = { readonly code: number; readonly out: string; readonly err: string };

export async function inProcess(
  argv: readonly string[],
  of: {
    readonly cwd: string;
    readonly env?: Io['env'];
    readonly colors?: boolean;
    readonly isOneThread?: boolean;
    /** Who does the work, where it is not whoever the table of executors names. */
    readonly makeExecutor?: Io['makeExecutor'];
  },
): Promise<Said> {
  let out = '';
  let err = '';
  let redact: Redact = (text) => text;
  const clean = (text: string): string => redact(text);
  const env = { ...testEnv(of.cwd), ...of.env };
  const written = (text: string): string => (isGithub({ env }) ? withoutCommands(clean(text)) : clean(text));
  const pipe = {
    isTerminal: false,
    isTty: false,
    colors: of.colors ?? false,
    columns: () => 100,
    rows: () => 24,
  };
  const io = makeIo({
    detail: 'normal',
    out: { ...pipe, write: (text) => (out += written(text)), raw: (text) => (out += clean(text)) },
    err: { ...pipe, write: (text) => (err += written(text)), raw: (text) => (err += clean(text)) },
    env,
    cwd: of.cwd,
    given: { folders: [], file: null },
    clock: clockOf(globalThis),
    random: Math.random,
    isOneThread: of.isOneThread ?? true,
    clean,
    redactWith(next) {
      redact = next;
    },
    ...(of.makeExecutor ? { makeExecutor: of.makeExecutor } : {}),
  });
  // Code of the user's runs in threads of this process: where it reads a file by a relative path, it is of its folder.
  process.chdir(of.cwd);
  running++;
  try {
    return { code: await runCommandLine(io, argv), out, err };
  } finally {
    // Of some side by side the last one goes home: a folder of a test is removed with it.
    if (--running === 0) process.chdir(HOME);
  }
}
