// Reads what a user wants: rules over cue phrases and times. This is the whole understanding of the simulation.
import { unreachable } from '../core/result.ts';
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

export function readIntent(message: string): Intent {
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

const ASKS = [' remind me ', ' reminder ', ' schedule ', ' set up ', ' set something up ', ' put ', ' add ', ' book ',
  ' create ', ' block ', ' arrange ', ' plan ', " don't let me ", ' make sure ', ' on my calendar '];

const WITHDRAWN = [' never mind ', ' nothing to do ', ' no need ', ' forget it ', ' already done it ',
  " don't schedule ", " don't book ", ' do not schedule '];

const PAST = [' yesterday ', ' went well ', ' went really well ', ' last week ', ' last month ', ' last night '];

const LISTS = [" what's on ", ' what is on ', ' what do i have ', ' do i have any', ' show me ', ' list my ',
  ' list all ', ' show my ', ' am i free ', ' which reminders ', ' what reminders '];

const CHANGES = [' move my ', ' move the ', ' reschedule ', ' postpone ', ' push my ', ' push the ', ' cancel ',
  ' change my ', ' change the ', ' shift my ', ' shift the ', ' pause my ', ' pause the ', ' delete '];

const HABITS = [' keep forgetting ', ' always forget ', ' never remember ', ' forgot again ', ' keep missing '];

const DEADLINES = [' expires ', ' expire ', ' is due ', ' due on ', ' deadline ', ' renew '];

const ONLY_ONCE = [' only this once ', ' just this once ', ' one-time ', ' just once ', ' only once ', ' one-off '];

const VAGUE_TIMES = [' sometime ', ' some time ', ' at some point ', ' eventually ', ' one day ', ' someday ', ' soon '];

const QUESTIONS = new Set(['how', 'why', 'what', 'if', 'when', 'who', 'where', 'which', 'explain', 'is', 'are', 'does']);
