// What every command is declared with: its name, its filters, how its end is told.
import { type Command, CommanderError, Option, Command as Program } from 'commander';
import { DEFAULT_FILE } from '../experiment.ts';
import type { FilterOptions } from '../filters.ts';
import type { Io } from '../io.ts';

export type { Command };
export { CommanderError, Option, Program };

/** What an action is wired to. */
export type Wiring = {
  readonly program: Command;
  readonly io: Io;
  readonly argv: readonly string[];
  readonly done: (code: number) => void;
};

export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .exitOverride()
    .configureOutput(program.configureOutput());
}

export function withFile(on: Command): Command {
  return on.option('-f, --file <path>', 'the manifest', DEFAULT_FILE);
}

export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

export function withFilters(on: Command): Command {
  return withScope(
    withFile(on).option(
      '--variant <glob>',
      'only these variants; the name of a matrix means all that it expands to (repeatable)',
      collect,
    ),
  )
    .option('--failed', 'only tasks whose last record failed')
    .option('--not-passed', 'only what failed, or what a scorer says did not pass')
    .option('--stale', 'only cells whose answer is to other content than the manifest has now')
    .option('--differs', 'only scenarios and runs of which the variants do not say the same');
}

/** Which cells of the variants that are chosen otherwise. */
export function withScope(on: Command): Command {
  return on
    .option('--scenario <glob>', 'only these scenarios (repeatable)', collect)
    .option('--category <name>', 'only this category (repeatable)', collect)
    .option('--tag <name>', 'only scenarios with this tag (repeatable)', collect)
    .option('--runs <list>', 'only these runs, for example 1,3-5 (repeatable)', collect);
}

/** Options that every filtered command gets. */
export type CommonOptions = FilterOptions & { readonly file: string; readonly json?: boolean };
