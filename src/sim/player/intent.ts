// Reads what a user wants: rules over cue phrases and times. This is the whole understanding of the simulation.
import { unreachable } from '../../core/result.ts';
import {
  ASKS,
  CHANGES,
  DEADLINES,
  HABITS,
  LISTS,
  ONLY_ONCE,
  PAST,
  QUESTIONS,
  VAGUE_TIMES,
  WITHDRAWN,
} from './cues.ts';
import type { When } from './findings.ts';
import { isGenericTitle, isVagueTitle, readTitle } from './title.ts';
import { readWhen } from './when.ts';
import { phraseText, readWords } from './words.ts';

export type Goal = 'once' | 'recurring' | 'list' | 'change' | 'none';

/** What an assistant would have to ask; `nothing` = it can act. */
export type Missing = 'nothing' | 'time' | 'half-of-day' | 'frequency' | 'subject' | 'which';

export type Intent = {
  readonly goal: Goal;
  readonly missing: Missing;
  readonly title: string;
  readonly when: When;
  /** Lower-case words with spaces around them: to be searched. */
  readonly phrases: string;
};

/** Runs and variants repeat the same messages: the newest are kept, read. Bounded in number and size. */
const MAX_REMEMBERED = 500;
const MAX_REMEMBERED_CHARS = 4_000;

const remembered = new Map<string, Intent>();

export function readIntent(message: string): Intent {
  const known = remembered.get(message);
  if (known) return known;
  const intent = freshIntent(message);
  if (message.length <= MAX_REMEMBERED_CHARS) {
    if (remembered.size >= MAX_REMEMBERED) remembered.delete(remembered.keys().next().value!);
    remembered.set(message, intent);
  }
  return intent;
}

function freshIntent(message: string): Intent {
  const { words, now } = readWords(message);
  const when = readWhen(words, now);
  const title = readTitle(words);
  const phrases = phraseText(words);
  const goal = goalOf(phrases, when);
  return { goal, missing: missingOf(goal, { title, when, phrases }), title, when, phrases };
}

function goalOf(phrases: string, when: When): Goal {
  if (hasAny(phrases, WITHDRAWN)) return 'none';
  const asks = hasAny(phrases, ASKS);
  if (!asks && hasAny(phrases, PAST)) return 'none';
  if (hasAny(phrases, LISTS)) return 'list';
  if (!asks && QUESTIONS.has(firstWord(phrases))) return 'none';
  if (hasAny(phrases, CHANGES)) return 'change';
  const onlyOnce = hasAny(phrases, ONLY_ONCE);
  if (when.repeat && !onlyOnce) return 'recurring';
  if (asks) return 'once';
  if (hasAny(phrases, HABITS)) return 'recurring';
  if (when.day !== null && (when.minute !== null || hasAny(phrases, DEADLINES))) return 'once';
  return 'none';
}

type Known = { readonly title: string; readonly when: When; readonly phrases: string };

function missingOf(goal: Goal, { title, when, phrases }: Known): Missing {
  switch (goal) {
    case 'none':
    case 'list':
      return 'nothing';
    case 'change':
      return isVagueTitle(title) || isGenericTitle(title) ? 'which' : 'nothing';
    case 'recurring':
      if (isVagueTitle(title)) return 'subject';
      if (!when.repeat || when.repeat.vague) return 'frequency';
      return when.minute === null ? 'time' : when.vagueMinute ? 'half-of-day' : 'nothing';
    case 'once':
      if (isVagueTitle(title)) return 'subject';
      if (when.day === null || when.minute === null || hasAny(phrases, VAGUE_TIMES)) return 'time';
      return when.vagueMinute ? 'half-of-day' : 'nothing';
    default:
      return unreachable(goal);
  }
}

function hasAny(phrases: string, cues: readonly string[]): boolean {
  for (const cue of cues) if (phrases.includes(cue)) return true;
  return false;
}

function firstWord(phrases: string): string {
  return phrases.slice(1, Math.max(1, phrases.indexOf(' ', 1)));
}
