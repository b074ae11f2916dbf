// What a shell is answered at a Tab: the first line says what the others are.
import type { DeclaredCommand } from '../../core/declared-command.ts';
import { sanitizeLine } from '../../core/text.ts';
import { TOPICS } from '../../report/help/topics.ts';
import { quoted, readBashLine } from '../../text/bash-line.ts';
import { DEFAULT_FILE } from '../open/find-manifest.ts';
import type { World } from '../open/world.ts';
import { type Asked, asked } from './asked.ts';
import type { Candidate } from './names.ts';

export type Tab = {
  readonly program: DeclaredCommand;
  readonly shell: string;
  /** bash: the line up to the cursor, and what breaks words there; others: the words behind the program's name. */
  readonly words: readonly string[];
  /** The world as the options among these words want it. */
  readonly worldOf: (words: readonly string[]) => World;
};

/** A terminal shows no more at once. */
const MOST = 1000;

export async function answerTab(tab: Tab): Promise<string> {
  const { program, shell, words } = tab;
  if (shell !== 'bash') {
    const found = asked(program, words);
    const all = await candidates(tab, found, words);
    const line = ({ text, about }: Candidate): string => `${found.before}${text}\t${shown(about)}`;
    return printed(found, all.map(line));
  }
  const [line = '', breaks = ''] = words;
  const { words: written, kept, quote } = readBashLine(line, breaks);
  const found = asked(program, written);
  const all = await candidates(tab, found, written);
  const lines = all.flatMap(({ text }) => {
    const whole = `${found.before}${text}`;
    return whole.startsWith(kept) ? (quoted(whole.slice(kept.length), quote) ?? []) : [];
  });
  return printed(found, lines);
}

function printed({ kind }: Asked, lines: readonly string[]): string {
  const head = kind === 'files' || kind === 'folders' ? kind : 'words';
  return `${[head, ...lines.slice(0, MOST)].join('\n')}\n`;
}

async function candidates(tab: Tab, found: Asked, words: readonly string[]): Promise<readonly Candidate[]> {
  const all = found.kind === 'words' ? found.candidates : await named(tab, found, words);
  const topics = words[0] === 'help' && words.length === 2 ? Object.entries(TOPICS) : [];
  const whole = [...all, ...topics.map(([text, about]) => ({ text, about }))];
  // One line is one candidate: a name with a control character in it is written by hand.
  return whole.filter(({ text }) => text.startsWith(found.word) && !/\p{Cc}/u.test(text));
}

async function named(
  { worldOf }: Tab,
  found: Asked,
  words: readonly string[],
): Promise<readonly Candidate[]> {
  if (found.kind !== 'names') return [];
  const before = words.slice(0, -1);
  const { namesOf } = await import('./names.ts');
  const at = { file: fileIn(before), kind: found.of, word: found.word };
  return namesOf(worldOf(before), at);
}

/** What `-f` says, in any of its forms. */
function fileIn(words: readonly string[]): string {
  for (const [at, word] of words.entries()) {
    if ((word === '-f' || word === '--file') && words[at + 1] !== undefined) return words[at + 1]!;
    const [, joined] = /^(?:--file=|-f)(.+)$/s.exec(word) ?? [];
    if (joined !== undefined) return joined;
  }
  return DEFAULT_FILE;
}

const MAX_ABOUT = 60;

function shown(about: string): string {
  const clean = sanitizeLine(about);
  return clean.length > MAX_ABOUT ? `${clean.slice(0, MAX_ABOUT)}…` : clean;
}
