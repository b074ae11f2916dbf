// What a word that is being written may become, by the commands as they are declared: there is no second list of them.
import type { DeclaredCommand, DeclaredOption, Listed } from '../../core/declared-command.ts';
import { TEMPLATES } from '../open/templates.ts';
import type { Candidate, NameKind } from './names.ts';

/** `before`: what stands in the same word and stays, as `--variant=`. */
export type Asked = { readonly word: string; readonly before: string } & (
  | { readonly kind: 'words'; readonly candidates: readonly Candidate[] }
  | { readonly kind: 'names'; readonly of: NameKind }
  | { readonly kind: 'files' | 'folders' | 'nothing' }
);

type Value = NameKind | 'files' | 'folders';

/** Of options: by their long name. A test holds it against what is declared. */
export const OPTION_VALUES: { readonly [flag: string]: Value } = {
  '--variant': 'variants',
  '--scenario': 'scenarios',
  '--category': 'categories',
  '--tag': 'tags',
  '--runs': 'runs',
  '--scorer': 'scorers',
  '--provider': 'providers',
  '--at': 'invocations',
  '--file': 'files',
  '--events': 'files',
  '--output': 'files',
  '--mapping': 'files',
  '--requests': 'files',
  '--from-promptfoo': 'files',
  '--from-inspect': 'files',
  '--from-data': 'files',
  '--from-pytest': 'files',
  '--python': 'files',
  '-C': 'folders',
};

/** Words that are no choices of the command line, which says itself what is wrong with another one. */
const OPTION_WORDS: { readonly [flag: string]: { readonly [word: string]: string } | undefined } = {
  '--template': TEMPLATES,
};

/** Of arguments: by command and name. */
export const ARGUMENT_VALUES: { readonly [argument: string]: Value } = {
  'compare variants': 'variants',
  'variants names': 'variants',
  'diff a': 'invocations',
  'diff b': 'invocations',
  'show record': 'cells',
  'history pattern': 'cells',
  'feedback record': 'cells',
  'push invocation': 'invocations',
  'import results': 'files',
  'merge others': 'files',
  'init folder': 'folders',
};

/** @param words after the program's name; the last one is being written */
export function asked(program: DeclaredCommand, words: readonly string[]): Asked {
  const word = words.at(-1) ?? '';
  let command = program;
  let operands = 0;
  let awaiting: DeclaredOption | null = null;
  let isOnlyOperands = false;
  for (const one of words.slice(0, -1)) {
    if (awaiting !== null) {
      awaiting = null;
    } else if (!isOnlyOperands && one === '--') {
      isOnlyOperands = true;
    } else if (!isOnlyOperands && one.startsWith('-')) {
      awaiting = one.includes('=') ? null : takesNext(optionOf(command, one));
    } else {
      const below = operands > 0 ? undefined : command.commands.find(({ name }) => name === one);
      if (below) command = below;
      else operands++;
    }
  }
  if (awaiting !== null) return valuesOf(awaiting, { word, before: '' });
  if (!isOnlyOperands && word.startsWith('-')) return optionsFor(command, word);
  return operandsFor(command, { word, operands });
}

function takesNext(option: DeclaredOption | null): DeclaredOption | null {
  return option?.takesValue ? option : null;
}

function chain(command: DeclaredCommand): readonly DeclaredCommand[] {
  return command.parent ? [command, ...chain(command.parent)] : [command];
}

function optionOf(command: DeclaredCommand, flag: string): DeclaredOption | null {
  const all = chain(command).flatMap(({ options }) => options);
  return all.find(({ long, short }) => long === flag || short === flag) ?? null;
}

function optionsFor(command: DeclaredCommand, word: string): Asked {
  const [flag = '', value] = [word.split('=')[0], word.includes('=')];
  if (value && word.startsWith('--')) {
    const option = optionOf(command, flag);
    const before = `${flag}=`;
    const at = { word: word.slice(before.length), before };
    return option === null ? { kind: 'nothing', ...at } : valuesOf(option, at);
  }
  const candidates = chain(command).flatMap(({ shown }) => shown.options.map(listed));
  const once = [...new Map(candidates.map((one) => [one.text, one])).values()];
  return { kind: 'words', word, before: '', candidates: once };
}

function valuesOf(option: DeclaredOption, at: { readonly word: string; readonly before: string }): Asked {
  if (option.choices) return { kind: 'words', ...at, candidates: option.choices.map(plain) };
  const words = OPTION_WORDS[option.long ?? ''];
  if (words !== undefined) {
    const candidates = Object.entries(words).map(([text, about]) => ({ text, about }));
    return { kind: 'words', ...at, candidates };
  }
  return ofValue(OPTION_VALUES[option.long ?? option.short ?? ''], at);
}

function ofValue(value: Value | undefined, at: { readonly word: string; readonly before: string }): Asked {
  if (value === undefined) return { kind: 'nothing', ...at };
  return value === 'files' || value === 'folders'
    ? { kind: value, ...at }
    : { kind: 'names', of: value, ...at };
}

function operandsFor(
  command: DeclaredCommand,
  { word, operands }: { readonly word: string; readonly operands: number },
): Asked {
  const at = { word, before: '' };
  const root = chain(command).at(-1)!;
  // `help` speaks of all commands.
  const about = command.name === 'help' ? root : command;
  if (operands === 0 && about.commands.length > 0) {
    return { kind: 'words', ...at, candidates: about.shown.commands.map(listed) };
  }
  const { arguments: declared } = command;
  const last = declared.at(-1);
  const argument = declared[operands] ?? (last?.isVariadic ? last : undefined);
  if (!argument) return { kind: 'nothing', ...at };
  if (argument.choices) return { kind: 'words', ...at, candidates: argument.choices.map(plain) };
  return ofValue(ARGUMENT_VALUES[`${command.name} ${argument.name}`], at);
}

function plain(text: string): Candidate {
  return { text, about: '' };
}

function listed({ name, about }: Listed): Candidate {
  return { text: name, about };
}
