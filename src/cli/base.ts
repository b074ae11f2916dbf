// What every command is declared with: its name, its filters, how its end is told.
import { type Command, CommanderError, type Help, Option, Command as Program } from 'commander';
import { DEFAULT_FILE } from '../project/open/find-manifest.ts';
import { wordsBelow } from '../report/help/below.ts';
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

/** Declares a command by its table: its name and what it does, its arguments, its options. */
export type Declare = (table: string, wordsBefore?: string) => Command;

/** How commands are declared below a program or another command: alone, or with the options that many of them have. */
export function declare(parent: Command): {
  readonly plain: Declare;
  readonly filed: Declare;
  readonly filtered: Declare;
  readonly limited: Declare;
} {
  const make =
    (shared: (on: Command) => Command): Declare =>
    (table, wordsBefore = '') => {
      const [head = '', ...rows] = table.split('\n').flatMap((line) => line.trim() || []);
      const [name = '', about = ''] = head.split(/ {2,}(.*)/);
      const made = declared(parent.command(name), about);
      const below = wordsBefore + wordsBelow(pathOf(made));
      return withRows(shared(below === '' ? made : made.addHelpText('after', below)), rows);
    };
  return {
    plain: make((on) => on),
    filed: make(withFile),
    filtered: make(withFilters),
    limited: make((on) => withLimits(withFilters(on.optionsGroup('What:')))),
  };
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

/** As it is typed behind the program's name. */
function pathOf(made: Command): string {
  return made.parent?.parent ? `${pathOf(made.parent)} ${made.name()}` : made.name();
}

/** What it shows in its help, as it shows it. */
export function help(of: Command): Help {
  return of.createHelp();
}

/**
 * Rows of a table: the flags of an option or the name of an argument in its brackets, two blanks or more, what it means.
 * `(repeatable)` collects values; `{ a b }` at the end are the only ones it takes; `= value` at the very end is what it is if left
 * out; `!` there: it cannot be. A row that ends with a colon is the heading of those below.
 */
export function withRows(on: Command, rows: readonly string[]): Command {
  for (const row of rows) {
    const [, flags = '', words = '', choices, value] =
      /^(.*?) {2,}(.*?)(?: {2,}\{ (.*) \})?(?: {2,}(!|= .*))?$/.exec(row) ?? [];
    if (flags === '') on.optionsGroup(row);
    else if (flags.startsWith('-')) {
      const option = new Option(flags, words).makeOptionMandatory(value === '!');
      if (words.endsWith('(repeatable)')) option.argParser(collect);
      if (choices !== undefined) option.choices(choices.split(' '));
      on.addOption(value?.startsWith('= ') ? option.default(value.slice(2)) : option);
    } else {
      const argument = on.createArgument(flags, words);
      if (choices !== undefined) argument.choices(choices.split(' '));
      on.addArgument(value === undefined ? argument : argument.default(value.slice(2)));
    }
  }
  return on;
}

function withFile(on: Command): Command {
  return withRows(on, [`-f, --file <path>  the manifest  = ${DEFAULT_FILE}`]);
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function withFilters(on: Command): Command {
  withRows(withFile(on), [
    '--variant <glob>  only these variants; the name of a matrix means all that it expands to (repeatable)',
  ]);
  return withRows(withScope(on), [
    '--failed      only tasks whose last record failed',
    '--not-passed  only what failed, or what a scorer says did not pass',
    '--stale       only cells whose answer is to other content than the manifest has now',
    '--differs     only scenarios and runs of which the variants do not say the same',
    '--shard <i/n>  only the i-th of n equal parts, for example 2/4: other machines do the others',
  ]);
}

/** Which cells of the variants that are chosen otherwise. */
export function withScope(on: Command): Command {
  return withRows(on, [
    '--scenario <glob>  only these scenarios (repeatable)',
    '--category <name>  only this category (repeatable)',
    '--tag <name>       only scenarios with this tag (repeatable)',
    '--runs <list>      only these runs, for example 1,3-5 (repeatable)',
  ]);
}

/** Money and pace, for whoever plans with them; they stand above the manifest. */
export function withBudget(on: Command): Command {
  return withRows(on, [
    'Limits:',
    '--budget-usd <usd>         spend at most so much (instead of execution.budget_usd)',
    '-j, --concurrency <calls>  calls at one time (instead of execution.concurrency)',
    'Output:',
  ]);
}

/** What one invocation may take; it stands above `execution:` of the manifest and counts in no key. */
function withLimits(on: Command): Command {
  return withRows(withBudget(on), [
    'Limits:',
    '--timeout <time>    one call may take so long (90s, 5m; instead of execution.timeout)',
    '--retries <number>  attempts after the first (instead of execution.retries)',
  ]);
}
