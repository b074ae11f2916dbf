// A command of the program within this process: a hundred of them take as long as ten processes.

import { runCommandLine } from '../../src/cli/main.ts';
import { type Io, realClock } from '../../src/project/open/world.ts';
import { testEnv } from './test-env.ts';

export type Said = { readonly code: number; readonly out: string; readonly err: string };

export async function inProcess(
  argv: readonly string[],
  of: {
    readonly cwd: string;
    readonly env?: Io['env'];
    readonly colors?: boolean;
    readonly isOneThread?: boolean;
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
  const io: Io = {
    detail: 'normal',
    out: { ...pipe, write: (text) => (out += text), raw: (text) => (out += text) },
    err: { ...pipe, write: (text) => (err += text), raw: (text) => (err += text) },
    env: { ...testEnv(of.cwd), ...of.env },
    cwd: of.cwd,
    given: { folders: [], file: null },
    clock: realClock(),
    random: Math.random,
    isOneThread: of.isOneThread ?? true,
    redactWith: () => {},
    clean: (text) => text,
  };
  // Code of the user's runs in threads of this process: where it reads a file by a relative path, it is of its folder.
  const before = process.cwd();
  process.chdir(of.cwd);
  try {
    return { code: await runCommandLine(io, argv), out, err };
  } finally {
    process.chdir(before);
  }
}
