// Finds what a request is about: the first run of words that are neither a time nor the wording of the request.
import { endsSentence, isMark, type Word } from './words.ts';

const MAX_WORDS = 8;

/** "call the bank"; empty where nothing is left. */
export function readTitle(words: readonly Word[]): string {
  let title: Word[] = [];
  for (const word of words) {
    if (title.length === 0) {
      if (isContent(word)) title = [word];
      continue;
    }
    if (word.taken || isMark(word) || endsSentence(word) || title.length === MAX_WORDS) break;
    if (!isContent(word) && !CONNECTORS.has(word.lower)) break;
    title.push(word);
  }
  while (title.length > 0 && !isContent(title.at(-1)!)) title.pop();
  return title
    .map((word) => word.text)
    .join(' ')
    .slice(0, 100);
}

/** What everybody means by something else. */
export function isVagueTitle(title: string): boolean {
  return title === '' || VAGUE.has(title.toLowerCase());
}

/** A kind of entry, of which a calendar holds many. */
export function isGenericTitle(title: string): boolean {
  return GENERIC.has(title.toLowerCase());
}

function isContent(word: Word): boolean {
  return !word.taken && !isMark(word) && !REQUEST_WORDS.has(word.lower);
}

const VAGUE = new Set(['thing', 'things', 'stuff', 'something', 'everything', 'it', 'that', 'usual']);

const GENERIC = new Set(['meeting', 'appointment', 'event', 'reminder', 'call', 'task', 'session', 'lesson']);

const CONNECTORS = new Set([
  'the',
  'a',
  'an',
  'my',
  'our',
  'his',
  'her',
  'their',
  'with',
  'for',
  'to',
  'at',
  'of',
  'about',
  'up',
  'and',
  'in',
]);

const REQUEST_WORDS = new Set(
  `a about add again all also always an and another are arrange as at be been being biweekly block book by calendar can
  cancel change could create delay do does don't each event's ever every everything expected forget forgetting forgot
  for from get give got had has have help hey hi hello how i i'd i'll i'm i've if in is it it's just keep keeps kindly let
  let's like list lot make maybe me mind miss missing move much my myself need needs never new not of off ok okay on once
  only onto or our pause perhaps plan please postpone promised push put really remember remind reminder reminders
  remove rename reschedule schedule see set shift should show signed so some someday sometime soon start stop
  sure tell thanks that the their them then there they this to too try two up us wanna want was we what what's when
  where which who why will with would you your`.split(/\s+/),
);
