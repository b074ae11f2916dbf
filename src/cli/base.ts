// What every command is declared with: its name, its filters, how its end is told.
import { type Command, CommanderError, type Help, Option, Command as Program } from 'commander';
import type { FilterOptions } from '../project/open/filters.ts';
import { DEFAULT_FILE } from '../project/open/find-manifest.ts';
import type { Io } from './io.ts';

export type { Command };
export { CommanderError, Option, Program };

/** A command line that cannot be read, with the command that it was read for: what is told of it needs both. */
export class UsageMistake extends Error {
  override readonly name = 'UsageMistake';
  readonly command: Command;
  readonly mistake: CommanderError;
  constructor(command: Command, mistake: CommanderError) {
    super(mistake.message);
    this.command = command;
    this.mistake = mistake;
  }
}

/** What an action is wired to. */
export type Wiring = {
  readonly program: Command;
  readonly io: Io;
  readonly argv: readonly string[];
  readonly done: (code: number) => void;
};

export function command(program: Command, name: string, description: string): Command {
  return declared(program.command(name), description);
}

/** Only programs call it. */
export function hiddenCommand(program: Command, name: string, description: string): Command {
  return declared(program.command(name, { hidden: true }), description);
}

function declared(bare: Command, description: string): Command {
  const made = bare.description(description).configureOutput(bare.parent!.configureOutput());
  return made.exitOverride((cause) => {
    throw new UsageMistake(made, cause);
  });
}

/** What it shows in its help, as it shows it. */
export function help(of: Command): Help {
  return of.createHelp();
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

/** Money and pace, for whoever plans with them; they stand above the manifest. */
export function withBudget(on: Command): Command {
  return on
    .optionsGroup('Limits:')
    .option('--budget-usd <usd>', 'spend at most so much (instead of execution.budget_usd)')
    .option('-j, --concurrency <calls>', 'calls at one time (instead of execution.concurrency)')
    .optionsGroup('Output:');
}

/** What one invocation may take; it stands above `execution:` of the manifest and counts in no key. */
export function withLimits(on: Command): Command {
  return withBudget(on)
    .optionsGroup('Limits:')
    .option('--timeout <time>', 'one call may take so long (90s, 5m; instead of execution.timeout)')
    .option('--retries <number>', 'attempts after the first (instead of execution.retries)');
}

export function waitForProvider(): Option {
  return new Option(
    '--wait-for-provider [time]',
    'wait so long, or for ever, for a server that is not there yet (else 30s)',
  );
}

/** Options that every filtered command gets. */
export type CommonOptions = FilterOptions & { readonly file: string; readonly json?: boolean };
