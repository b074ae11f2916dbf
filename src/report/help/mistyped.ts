// What is told of a command line that cannot be read: what is wrong, what was probably meant, where help is. Pure.
import type { DeclaredCommand } from '../../core/declared-command.ts';
import { nearest } from '../../core/nearest.ts';
import { sanitizeLine } from '../../core/text.ts';
import { commandElsewhere, optionsElsewhere } from './elsewhere.ts';

export type Mistyped = {
  readonly command: DeclaredCommand;
  /** As commander has them. */
  readonly code: string;
  readonly message: string;
  /** All words of the line; empty = they are not known. */
  readonly given: readonly string[];
  /** What `--color` takes. */
  readonly colors: readonly string[];
};

/** One sentence and the way to help; ends with a line end. */
export function mistypedText(mistyped: Mistyped): string {
  const own = nameOf(mistyped.command);
  const told = sanitizeLine(noColor(mistyped) ?? sentenceOf(mistyped));
  const shows = mistyped.code === 'commander.unknownCommand' ? 'the commands' : 'its options';
  return `expgraph: ${told} (${own} --help shows ${shows})\n`;
}

/** `expgraph langsmith push` */
export function nameOf({ parent, name }: DeclaredCommand): string {
  return parent ? `${nameOf(parent)} ${name}` : name;
}

/** `--color` may stand alone, so that what follows is read as a word of its own; where it makes no sense as one it was meant for it. */
function noColor({ code, message, given, colors }: Mistyped): string | null {
  if (code !== 'commander.unknownCommand' && code !== 'commander.excessArguments') return null;
  const at = given.indexOf('--color');
  const value = at < 0 ? undefined : given[at + 1];
  if (value === undefined || value.startsWith('-') || !message.includes(value)) return null;
  return `--color takes ${colors.join(', ')}, not ${JSON.stringify(value)}${meant(nearest(value, colors))}`;
}

function sentenceOf({ command, code, message }: Mistyped): string {
  const said = message.replace(/^error: /, '').replace(/\.$/, '');
  const [, word = ''] = /'([^']*)'/.exec(said) ?? [];
  switch (code) {
    case 'commander.unknownCommand':
      return `there is no command ${JSON.stringify(word)}${meant(commandMeant(command, word))}`;
    case 'commander.unknownOption':
      return `${nameOf(command)} has no option ${word}${meant(optionMeant(command, word))}`;
    case 'commander.invalidArgument':
      return `${said}${meant(choiceMeant(command, said))}`;
    case 'commander.excessArguments':
      return `${nameOf(command)} takes ${argumentsOf(command)}${filtered(command, said)}`;
    default:
      return said;
  }
}

function meant(guess: string | null): string {
  return guess === null ? '' : `; did you mean ${guess}?`;
}

export function commandMeant(program: DeclaredCommand, word: string): string | null {
  const names = program.shown.commands.map(({ name }) => name);
  const elsewhere = commandElsewhere(word);
  const own = elsewhere !== null && names.includes(elsewhere.split(' ')[0]!) ? elsewhere : null;
  const guess = own ?? nearest(word, names) ?? onlyBeginning(word, names);
  return guess === null ? null : `${nameOf(program)} ${guess}`;
}

function optionMeant(command: DeclaredCommand, flag: string): string | null {
  const known = optionsOf(command);
  const name = flag.split('=')[0]!;
  const own = optionsElsewhere(name).filter((option) => known.includes(option));
  if (own.length > 0) return own.join(' or ');
  if (!name.startsWith('--')) return null;
  return nearest(name, known) ?? onlyBeginning(name, known);
}

/** Long names of all that may stand behind this command, the program's own among them. */
function optionsOf({ shown, parent }: DeclaredCommand): readonly string[] {
  const own = shown.options.map(({ name }) => name);
  return parent ? [...own, ...optionsOf(parent)] : own;
}

/** `--budget` is the beginning of one of them. */
function onlyBeginning(word: string, known: readonly string[]): string | null {
  const begun = word.length < 3 ? [] : known.filter((name) => name.startsWith(word));
  return begun.length === 1 ? begun[0]! : null;
}

function choiceMeant(command: DeclaredCommand, said: string): string | null {
  const [, flags, given] =
    /^(?:option|command-argument value)? ?'?(.*?)'? ?argument '(.*)' is invalid/.exec(said) ?? [];
  const [, value] = /value '(.*)' is invalid/.exec(said) ?? [];
  const wanted = given ?? value;
  if (wanted === undefined) return null;
  const all = [...command.options, ...(command.parent?.options ?? [])];
  const option = all.find((one) => one.flags === flags);
  const choices = option ? option.choices : command.arguments.flatMap((argument) => argument.choices ?? []);
  return choices ? nearest(wanted, choices) : null;
}

function argumentsOf(command: DeclaredCommand): string {
  const names = command.arguments.map(({ name }) => name);
  return names.length === 0 ? 'no arguments' : `no more than ${names.join(' ')}`;
}

/** `expgraph run baseline` means an arm. */
function filtered(command: DeclaredCommand, said: string): string {
  const words = / got \d+: (.*)$/.exec(said)?.[1];
  if (words === undefined) return '';
  const isFiltered = command.options.some(({ long }) => long === '--variant');
  return isFiltered
    ? `, and there is ${JSON.stringify(words)}; did you mean --variant ${words.split(', ')[0]}?`
    : `, and there is ${JSON.stringify(words)}`;
}
