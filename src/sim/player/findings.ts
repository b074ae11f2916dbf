// What can be found out about time in a message: the shape that the readers of times fill together.
import type { Weekday } from './calendar.ts';
import type { Word } from './words.ts';

export type Repeat = {
  readonly frequency: 'daily' | 'weekdays' | 'weekly' | 'monthly' | 'yearly';
  readonly interval: number;
  readonly days: readonly Weekday[];
  /** Can be read in two ways (bi-weekly). */
  readonly vague: boolean;
};

export type When = {
  /** The time that the message says it is; epoch ms. */
  readonly now: number;
  /** Midnight of the day that is named; null = none is. */
  readonly day: number | null;
  /** Minute of the day; null = no time is named. */
  readonly minute: number | null;
  /** Only a part of the day is known ("afternoon"), or the half of it is not ("at 7"). */
  readonly vagueMinute: boolean;
  readonly durationMinutes: number | null;
  readonly repeat: Repeat | null;
  /** Last day of a repetition. */
  readonly until: number | null;
  /** First and last day that are asked about ("this week"). */
  readonly span: readonly [number, number] | null;
};

/** What the readers have found so far; each reader fills its own fields. */
export type Findings = { -readonly [field in keyof When]: When[field] };

const NUMBER_WORDS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** The number at a place, in figures or spelled out: 3, three, a. */
export function numberAt(words: readonly Word[], at: number): number | null {
  const word = words[at];
  if (!word) return null;
  if (word.number !== null) return word.number;
  if (word.lower === 'a' || word.lower === 'an') return 1;
  const spelled = NUMBER_WORDS.indexOf(word.lower);
  return spelled < 0 ? null : spelled;
}
