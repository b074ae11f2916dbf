import { describe, expect, test } from 'vitest';
import { dateText } from '../../src/sim/player/calendar.ts';
import { readIntent } from '../../src/sim/player/intent.ts';

/** What was read, in short; the stamp is a Sunday. */
function read(text: string): object {
  const { goal, missing, title, when } = readIntent(`[2026-02-15 10:00 UTC]\n${text}`);
  return {
    goal,
    missing,
    title,
    ...(when.day === null ? {} : { day: dateText(when.day) }),
    ...(when.minute === null ? {} : { minute: when.minute }),
    ...(when.repeat === null
      ? {}
      : { repeat: [when.repeat.frequency, when.repeat.interval, ...when.repeat.days] }),
    ...(when.until === null ? {} : { until: dateText(when.until) }),
    ...(when.durationMinutes === null ? {} : { duration: when.durationMinutes }),
  };
}

describe('what is read in a message', () => {
  test.each([
    [
      'Remind me to call mum tomorrow at noon',
      { goal: 'once', missing: 'nothing', title: 'call mum', day: '2026-02-16', minute: 720 },
    ],
    [
      'Book a massage on 3 March at 4:15pm for 90 minutes',
      { goal: 'once', missing: 'nothing', title: 'massage', day: '2026-03-03', minute: 975, duration: 90 },
    ],
    [
      'Add yoga on 2026-03-01 at 18:30',
      { goal: 'once', missing: 'nothing', title: 'yoga', day: '2026-03-01', minute: 1110 },
    ],
    [
      'Schedule lunch with Ana on January 5th at 12:30',
      { goal: 'once', missing: 'nothing', title: 'lunch with Ana', day: '2027-01-05', minute: 750 },
    ],
    [
      'Set up a review in two weeks at 10am',
      { goal: 'once', missing: 'nothing', title: 'review', day: '2026-03-01', minute: 600 },
    ],
    [
      'Book the gym for 7 in the evening on Wednesday',
      { goal: 'once', missing: 'nothing', title: 'gym', day: '2026-02-18', minute: 1140 },
    ],
    [
      'Book the gym for 7 on Wednesday',
      { goal: 'once', missing: 'half-of-day', title: 'gym', day: '2026-02-18', minute: 420 },
    ],
    [
      'Remind me to stretch every weekday at 15:00',
      { goal: 'recurring', missing: 'nothing', title: 'stretch', minute: 900, repeat: ['weekdays', 1] },
    ],
    [
      'Remind me to pay rent every three months at 9am',
      { goal: 'recurring', missing: 'nothing', title: 'pay rent', minute: 540, repeat: ['monthly', 3] },
    ],
    [
      'Add swimming every Tuesday and Friday at 7am until 30 June',
      {
        goal: 'recurring',
        missing: 'nothing',
        title: 'swimming',
        minute: 420,
        repeat: ['weekly', 1, 'tuesday', 'friday'],
        until: '2026-06-30',
      },
    ],
    ['Cancel my dentist appointment', { goal: 'change', missing: 'nothing', title: 'dentist appointment' }],
    ['Thanks, that was all.', { goal: 'none', missing: 'nothing', title: '' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  test('without a stamp the time is a fixed one, so that an answer depends on the request alone', () => {
    expect(readIntent('Remind me to call mum tomorrow at noon').when.day).toBe(Date.UTC(2026, 0, 2));
  });

  test('words that name members of every object are only words', () => {
    expect(read('constructor every toString for 3 valueOf at constructor hasOwnProperty')).toMatchObject({
      goal: 'none',
    });
  });
});
