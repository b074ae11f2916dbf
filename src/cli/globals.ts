// Options that every command has, before its name or after it. They are read first: they say where and how all the rest is done.
import { statSync } from 'node:fs';
import path from 'node:path';
import { CommandError } from '../project/open/command-error.ts';
import { type Command, Option, Program, UsageMistake } from './base.ts';
import type { Detail, Io, Out } from './io.ts';
import { makeIo } from './real-io.ts';

export const WHEN = ['always', 'never', 'auto'] as const;

export type Globals = {
  readonly color: (typeof WHEN)[number] | null;
  readonly folders: readonly string[];
  readonly detail: Detail;
  /** The first word that is no option: the command, where it is one. */
  readonly word: string | null;
  /** The word after it. */
  readonly next: string | null;
};

/** Each is declared here and nowhere else: the program has them, and so has whoever reads them first. */
export function withGlobals(on: Command): Command {
  return on
    .addOption(
      new Option('-C <folder>', 'as if started there; all paths are meant from there (repeatable)').argParser(
        (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
      ),
    )
    .option('-q, --quiet', 'only errors, and what it comes to')
    .option('-v, --verbose', 'a line for each task and each attempt that failed')
    .addOption(
      new Option('--color <when>', 'colours (else by the terminal, NO_COLOR, FORCE_COLOR)').choices(WHEN),
    )
    .option('--no-color', 'the same as --color never');
}

/** `--color` alone is `--color always`, as in git: a word of the command line that follows is none of its own. */
export function spelledOut(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return argv.map((word, at) => {
    const isAlone =
      word === '--color' && (end < 0 || at < end) && !WHEN.some((when) => when === argv[at + 1]);
    return isAlone ? '--color=always' : word;
  });
}

/** @throws UsageMistake on a value that is none. Words that it does not know are somebody else's. */
export function readGlobals(argv: readonly string[]): Globals {
  const reader = withGlobals(new Program('expgraph').allowUnknownOption().helpOption(false));
  reader.exitOverride((cause) => {
    throw new UsageMistake(reader, cause);
  });
  // Told by the program itself, in its own words.
  reader.configureOutput({ outputError: () => {} });
  const { operands } = reader.parseOptions([...argv]);
  const { C, quiet, verbose, color } = reader.opts<{
    C?: readonly string[];
    quiet?: true;
    verbose?: true;
    color?: Globals['color'] | boolean;
  }>();
  const when = typeof color === 'string' ? color : null;
  return {
    color: color === false ? 'never' : when,
    folders: C ?? [],
    detail: quiet ? 'quiet' : verbose ? 'verbose' : 'normal',
    word: operands[0] ?? null,
    next: operands[1] ?? null,
  };
}

function checkFolder(given: string, cwd: string): void {
  const found = statSync(cwd, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  const shown = JSON.stringify(given);
  throw new CommandError(
    found
      ? `-C ${shown}: ${cwd} is a file, and -C takes a folder; a manifest is named with -f ${given}`
      : `-C ${shown}: there is no folder ${cwd}`,
  );
}

/** The outside world as these options want it. */
export function shaped(io: Io, { color, folders, detail }: Globals): Io {
  const cwd = folders.reduce((from, folder) => path.resolve(from, folder), io.cwd);
  if (folders.length > 0) checkFolder(folders.join(' '), cwd);
  const colored = (out: Out): Out =>
    color === null || color === 'auto' ? out : { ...out, colors: color === 'always' };
  io.given.folders = folders;
  return makeIo({ ...io, cwd, detail, out: colored(io.out), err: colored(io.err) });
}
