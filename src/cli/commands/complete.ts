// expgraph complete: what the scripts of `completion` ask at each Tab. The first line of the answer says what the others are. It is
// silent whatever happens: somebody is writing a line.
import { sanitizeLine } from '../../core/text.ts';
import type { Candidate } from '../../project/complete/names.ts';
import { DEFAULT_FILE } from '../../project/open/find-manifest.ts';
import { TOPICS } from '../../report/help/topics.ts';
import { quoted, readBashLine } from '../../text/bash-line.ts';
import type { Command } from '../base.ts';
import { type Asked, asked } from '../completion/asked.ts';
import { readGlobals, shaped } from '../globals.ts';
import type { Io } from '../io.ts';

export type CompleteOptions = { readonly shell: string; readonly words: readonly string[] };

/** A terminal shows no more at once. */
const MOST = 1000;

export async function completeCommand(io: Io, program: Command, options: CompleteOptions): Promise<number> {
  try {
    io.out.write(await answer(io, program, options));
  } catch {
    // A folder that is not there, a file that cannot be read: then there is nothing to be said.
  }
  return 0;
}

async function answer(io: Io, program: Command, { shell, words }: CompleteOptions): Promise<string> {
  if (shell !== 'bash') {
    const found = asked(program, words);
    const all = await candidates(io, found, words);
    const line = ({ text, about }: Candidate): string => `${found.before}${text}\t${shown(about)}`;
    return printed(found, all.map(line));
  }
  const [line = '', breaks = ''] = words;
  const { words: written, kept, quote } = readBashLine(line, breaks);
  const found = asked(program, written);
  const all = await candidates(io, found, written);
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

async function candidates(io: Io, found: Asked, words: readonly string[]): Promise<readonly Candidate[]> {
  const all = found.kind === 'words' ? found.candidates : await named(io, found, words);
  const topics = words[0] === 'help' && words.length === 2 ? Object.entries(TOPICS) : [];
  const whole = [...all, ...topics.map(([text, about]) => ({ text, about }))];
  // One line is one candidate: a name with a control character in it is written by hand.
  return whole.filter(({ text }) => text.startsWith(found.word) && !/\p{Cc}/u.test(text));
}

async function named(io: Io, found: Asked, words: readonly string[]): Promise<readonly Candidate[]> {
  if (found.kind !== 'names') return [];
  const before = words.slice(0, -1);
  const { namesOf } = await import('../../project/complete/names.ts');
  const at = { file: fileIn(before), kind: found.of, word: found.word };
  return namesOf(shaped(io, readGlobals(before)), at);
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
