// Times of day and durations: "3pm", "9:30", "noon", "at 7", "in the evening", "for 45 minutes".
import { type Findings, numberAt } from './findings.ts';
import type { Word } from './words.ts';

/** How many words from `at` on are a time or a duration; 0 = none. */
export function readClock(words: readonly Word[], at: number, found: Findings): number {
  return readDuration(words, at, found) || readExactTime(words, at, found) || readPartOfDay(words, at, found);
}

const MINUTES_IN: ReadonlyMap<string, number> = new Map([
  ['minute', 1],
  ['minutes', 1],
  ['min', 1],
  ['mins', 1],
  ['hour', 60],
  ['hours', 60],
]);

function readDuration(words: readonly Word[], at: number, found: Findings): number {
  const amountAt = words[at]!.lower === 'for' ? at + 1 : at;
  const amount = numberAt(words, amountAt);
  if (amount === null || amount > 1_000) return 0;
  const unitAt = words[amountAt + 1]?.lower === '-' ? amountAt + 2 : amountAt + 1;
  const unit = MINUTES_IN.get(words[unitAt]?.lower ?? '');
  // "an hour" alone may be anything; "for an hour" and "90-minute" are durations.
  if (unit === undefined || (amountAt === at && unitAt === at + 1)) return 0;
  found.durationMinutes = amount * unit;
  return unitAt - at + 1;
}

const NAMED: ReadonlyMap<string, number> = new Map([
  ['noon', 720],
  ['midday', 720],
  ['midnight', 0],
]);

function readExactTime(words: readonly Word[], at: number, found: Findings): number {
  const lead = ['at', 'for', 'by', '@'].includes(words[at]!.lower) ? 1 : 0;
  const first = words[at + lead];
  if (!first) return 0;
  const named = NAMED.get(first.lower);
  if (named !== undefined) {
    setMinute(found, { minute: named, vague: false });
    return lead + 1;
  }
  const hour = first.number;
  if (hour === null || hour > 24) return 0;
  let next = at + lead + 1;
  let minute = 0;
  const exact = words[next]?.lower === ':' && words[next + 1]?.number != null;
  if (exact) {
    minute = Math.min(59, words[next + 1]!.number!);
    next += 2;
  }
  const half = words[next]?.lower;
  if (half === 'am' || half === 'pm') {
    setMinute(found, { minute: ((hour % 12) + (half === 'pm' ? 12 : 0)) * 60 + minute, vague: false });
    return next + 1 - at;
  }
  // A bare number is a time only where a preposition says so: "at 7", not "7 apples".
  if (!exact && (lead === 0 || startsWord(words[next]))) return 0;
  setMinute(found, { minute: (hour % 24) * 60 + minute, vague: !exact && hour >= 1 && hour <= 12 });
  return next - at;
}

/** "for 7 people": what follows the number is counted. "for 7 on Wednesday": it is not. */
function startsWord(word: Word | undefined): boolean {
  if (!word || !/^\p{L}/u.test(word.lower)) return false;
  return !['on', 'in', 'this', 'next', 'tomorrow', 'today', 'and', 'every', 'please', 'with', 'to'].includes(
    word.lower,
  );
}

const PARTS: ReadonlyMap<string, number> = new Map([
  ['morning', 9 * 60],
  ['mornings', 9 * 60],
  ['lunchtime', 12 * 60 + 30],
  ['afternoon', 15 * 60],
  ['evening', 19 * 60],
  ['evenings', 19 * 60],
  ['night', 21 * 60],
  ['tonight', 20 * 60],
]);

function readPartOfDay(words: readonly Word[], at: number, found: Findings): number {
  const part = PARTS.get(words[at]!.lower);
  if (part === undefined) return 0;
  if (found.minute === null) {
    setMinute(found, { minute: part, vague: true });
  } else if (found.vagueMinute) {
    // "at 7 in the evening": the part of the day settles which half is meant.
    const afternoon = part >= 12 * 60 && found.minute < 12 * 60;
    setMinute(found, { minute: found.minute + (afternoon ? 12 * 60 : 0), vague: false });
  }
  return 1;
}

function setMinute(found: Findings, to: { readonly minute: number; readonly vague: boolean }): void {
  if (found.minute !== null && !found.vagueMinute && to.vague) return;
  found.minute = to.minute;
  found.vagueMinute = to.vague;
}
