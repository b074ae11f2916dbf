// What the program itself says of a command line, without doing anything of it.

import { type Command, UsageMistake } from '../../src/cli/base.ts';
import { usageWords } from '../../src/cli/help/usage.ts';
import { declareProgram } from '../../src/cli/program/declare.ts';
import { realIo } from '../../src/cli/real-io.ts';
import { ROOT } from '../rig/files.ts';

/** Help that was asked for. */
const FINE = ['commander.helpDisplayed', 'commander.help', 'commander.version'];
/** A sentence names a command, it does not say all of it. */
const UNFINISHED = [
  'commander.missingArgument',
  'commander.missingMandatoryOptionValue',
  'commander.optionMissingArgument',
];

export async function programOf(argv: readonly string[]): Promise<Command> {
  // Its own experiment: commands look for a manifest before they begin.
  const io = { ...realIo(), cwd: ROOT };
  const program = await declareProgram({ io, words: argv, argv, done: () => {} });
  each(program, (command) => {
    if (command.commands.length === 0) command.action(() => {});
  });
  return program;
}

function each(command: Command, visit: (command: Command) => void): void {
  visit(command);
  for (const below of command.commands) each(below, visit);
}

/** null = it is taken. Of a line with several commands, each that is ours. */
export async function mistakeIn(line: string): Promise<string | null> {
  for (const part of line.split(/&&|\|\||(?<!\S)\|(?!\S)|;/)) {
    const words = wordsOf(part);
    const at = words.indexOf('expgraph');
    if (at < 0 || !words.slice(0, at).every((word) => word === 'npx' || word.includes('='))) continue;
    const mistake = await mistakeOf(words.slice(at + 1));
    if (mistake !== null) return mistake;
  }
  return null;
}

async function mistakeOf(words: readonly string[]): Promise<string | null> {
  try {
    const program = await programOf(words);
    await program.parseAsync([...words], { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof UsageMistake)) return cause instanceof Error ? cause.message : String(cause);
    const { code } = cause.mistake;
    return FINE.includes(code) || UNFINISHED.includes(code) ? null : usageWords(cause).trim();
  }
  return null;
}

/** As a shell splits it, as far as pages need it; marks of what may be left out are left out, and where output goes. */
export function wordsOf(part: string): readonly string[] {
  const words = [...part.matchAll(/"([^"]*)"|'([^']*)'|[^\s'"]+/g)].map(
    ([whole, double, single]) => double ?? single ?? whole,
  );
  const redirect = words.findIndex((word) => /^[0-9]?>{1,2}/.test(word));
  const kept = redirect < 0 ? words : words.slice(0, redirect);
  return kept.map((word) => word.replace(/^\[+|\]+$|\.\.\.$/g, '')).filter((word) => word !== '');
}

/** The help of every command, by its words; '' is the program's own. */
export async function helpTexts(): Promise<ReadonlyMap<string, string>> {
  const program = await programOf(['help']);
  const texts = new Map<string, string>();
  each(program, (command) => {
    const names: string[] = [];
    for (let at: Command | null = command; at?.parent; at = at.parent) names.unshift(at.name());
    let text = '';
    command.configureOutput({
      writeOut: (piece) => {
        text += piece;
      },
    });
    command.outputHelp();
    texts.set(names.join(' '), text);
  });
  return texts;
}
