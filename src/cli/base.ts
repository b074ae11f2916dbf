// What every command is declared with: its name, its filters, how its end is told.
import { type Command, CommanderError, type Help, Option, Command as Program } from 'commander';
import { DEFAULT_FILE } from '../project/open/experiment.ts';
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

/**
 * Options as a table, one a line: the flags, two blanks or more, what it means. `(repeatable)` collects values; `{ a b }` at the
 * end are the only ones it takes; `= value` at the very end is what it is if left out. A line that ends with a colon is the
 * heading of those below.
 */
export function withOptions(on: Command, table: string): Command {
  for (const row of table.split('\n').map((line) => line.trim())) {
    if (row === '') continue;
    if (row.endsWith(':') && !row.startsWith('-')) on.optionsGroup(row);
    else on.addOption(optionOf(row));
  }
  return on;
}

function optionOf(row: string): Option {
  const [, flags = '', words = '', choices, value] =
    /^(.*?) {2,}(.*?)(?: {2,}\{ (.*) \})?(?: {2,}= (.*))?$/.exec(row) ?? [];
  const option = new Option(flags, words);
  if (words.endsWith('(repeatable)')) option.argParser(collect);
  if (choices !== undefined) option.choices(choices.split(' '));
  return value === undefined ? option : option.default(value);
}

export const JSON_ROW = '--json  as one JSON document';

export function withFile(on: Command): Command {
  return withOptions(on, `-f, --file <path>  the manifest  = ${DEFAULT_FILE}`);
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function withFilters(on: Command): Command {
  const variants = `
    --variant <glob>  only these variants; the name of a matrix means all that it expands to (repeatable)`;
  return withOptions(
    withScope(withOptions(withFile(on), variants)),
    `
    --failed      only tasks whose last record failed
    --not-passed  only what failed, or what a scorer says did not pass
    --stale       only cells whose answer is to other content than the manifest has now
    --differs     only scenarios and runs of which the variants do not say the same`,
  );
}

/** Which cells of the variants that are chosen otherwise. */
export function withScope(on: Command): Command {
  return withOptions(
    on,
    `
    --scenario <glob>  only these scenarios (repeatable)
    --category <name>  only this category (repeatable)
    --tag <name>       only scenarios with this tag (repeatable)
    --runs <list>      only these runs, for example 1,3-5 (repeatable)`,
  );
}

/** Money and pace, for whoever plans with them; they stand above the manifest. */
export function withBudget(on: Command): Command {
  return withOptions(
    on,
    `
    Limits:
    --budget-usd <usd>         spend at most so much (instead of execution.budget_usd)
    -j, --concurrency <calls>  calls at one time (instead of execution.concurrency)
    Output:`,
  );
}

/** What one invocation may take; it stands above `execution:` of the manifest and counts in no key. */
export function withLimits(on: Command): Command {
  return withOptions(
    withBudget(on),
    `
    Limits:
    --timeout <time>    one call may take so long (90s, 5m; instead of execution.timeout)
    --retries <number>  attempts after the first (instead of execution.retries)`,
  );
}
