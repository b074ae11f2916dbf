// Repetitions: "every day", "Mondays and Wednesdays", "weekly", "every two weeks", "bi-weekly"; "not every weekend" is none.
import { WEEKDAYS, type Weekday } from './calendar.ts';
import { type Findings, numberAt, type Repeat } from './findings.ts';
import type { Word } from './words.ts';

/** How many words from `at` on tell a repetition; 0 = none. */
export function readRepeat(words: readonly Word[], at: number, found: Findings): number {
  const first = words[at]!.lower;
  if (first === 'not' || first === "don't" || first === 'no') return denied(words, at);
  const adverb = ADVERBS.get(first);
  if (adverb) {
    found.repeat = { ...adverb, days: found.repeat?.days ?? [] };
    return 1;
  }
  const plural = weekdayOf(first.endsWith('s') ? first.slice(0, -1) : '');
  if (plural) {
    addDay(found, plural);
    return 1;
  }
  if (first === 'weekends') {
    for (const day of WEEKEND) addDay(found, day);
    return 1;
  }
  if (first === 'and' && found.repeat && found.repeat.days.length > 0) {
    // "every Monday and Thursday": the second day belongs to the repetition.
    const day = weekdayOf(words[at + 1]?.lower ?? '');
    if (day) addDay(found, day);
    return day ? 2 : 0;
  }
  if (first === 'once' || first === 'twice') return perPeriod(words, at, found);
  if (first === 'every' || first === 'each') return readEvery(words, at, found);
  return 0;
}

const ONCE = { interval: 1, days: [], vague: false } as const;

const ADVERBS: ReadonlyMap<string, Repeat> = new Map([
  ['daily', { ...ONCE, frequency: 'daily' }],
  ['nightly', { ...ONCE, frequency: 'daily' }],
  ['weekly', { ...ONCE, frequency: 'weekly' }],
  ['fortnightly', { ...ONCE, frequency: 'weekly', interval: 2 }],
  ['bi-weekly', { ...ONCE, frequency: 'weekly', interval: 2, vague: true }],
  ['biweekly', { ...ONCE, frequency: 'weekly', interval: 2, vague: true }],
  ['monthly', { ...ONCE, frequency: 'monthly' }],
  ['quarterly', { ...ONCE, frequency: 'monthly', interval: 3 }],
  ['yearly', { ...ONCE, frequency: 'yearly' }],
  ['annually', { ...ONCE, frequency: 'yearly' }],
  ['weekdays', { ...ONCE, frequency: 'weekdays' }],
]);

const WEEKEND: readonly Weekday[] = ['saturday', 'sunday'];

const UNITS: ReadonlyMap<string, Repeat['frequency']> = new Map([
  ['day', 'daily'],
  ['days', 'daily'],
  ['morning', 'daily'],
  ['afternoon', 'daily'],
  ['evening', 'daily'],
  ['night', 'daily'],
  ['weekday', 'weekdays'],
  ['workday', 'weekdays'],
  ['week', 'weekly'],
  ['weeks', 'weekly'],
  ['month', 'monthly'],
  ['months', 'monthly'],
  ['year', 'yearly'],
  ['years', 'yearly'],
]);

/** "every day", "every other week", "every three months", "each Monday", "every weekend". */
function readEvery(words: readonly Word[], at: number, found: Findings): number {
  let next = at + 1;
  let interval = 1;
  if (words[next]?.lower === 'other' || words[next]?.lower === 'second') {
    interval = 2;
    next++;
  } else {
    const amount = numberAt(words, next);
    if (amount !== null && amount >= 1 && amount <= 366) {
      interval = amount;
      next++;
    }
  }
  const unit = words[next]?.lower ?? '';
  const day = weekdayOf(unit);
  const frequency = UNITS.get(unit);
  if (day) addDay(found, day);
  else if (unit === 'weekend') for (const one of WEEKEND) addDay(found, one);
  else if (frequency) found.repeat = { ...ONCE, frequency };
  else return 0;
  if (found.repeat) found.repeat = { ...found.repeat, interval };
  // "every morning": the part of the day is left for the clock to read.
  return (
    next - at + (unit === 'morning' || unit === 'afternoon' || unit === 'evening' || unit === 'night' ? 0 : 1)
  );
}

/** "twice a week": how often is clear, when is not. */
function perPeriod(words: readonly Word[], at: number, found: Findings): number {
  const article = words[at + 1]?.lower;
  const frequency = UNITS.get(words[at + 2]?.lower ?? '');
  if ((article !== 'a' && article !== 'per' && article !== 'every') || !frequency) return 0;
  found.repeat = { ...ONCE, frequency, vague: words[at]!.lower === 'twice' };
  return 3;
}

/** "not every weekend", "no weekly thing": read, and without effect. */
function denied(words: readonly Word[], at: number): number {
  const next = words[at + 1]?.lower ?? '';
  if (next === 'every' || next === 'each') return words[at + 2] ? 3 : 2;
  return ADVERBS.get(next) ? 2 : 0;
}

function addDay(found: Findings, day: Weekday): void {
  const before = found.repeat ?? { ...ONCE, frequency: 'weekly' as const };
  if (before.days.includes(day)) return;
  found.repeat = { ...before, frequency: 'weekly', days: [...before.days, day] };
}

function weekdayOf(name: string): Weekday | null {
  return (WEEKDAYS as readonly string[]).includes(name) ? (name as Weekday) : null;
}
