// Runs that are ended by whoever has started them, with model calls, own code, programs and tests in flight.
import { type Counted, endOneExperiment, OTHER_WAYS } from '../rig/hang-up.ts';
import type { Row } from '../rig/row.ts';

export const row: Row = {
  name: 'ends-by-others',
  how: `${OTHER_WAYS.map(({ name }) => name).join(', ')}: each at random moments of runs with model calls, own code, programs and pytest in flight; then it is run to its end`,
  holds:
    'no paid answer is lost: what the server answered is in a record, as its first attempt, and was asked for once; programs and tests that systemd itself ended before their answer was in their hands are asked once more for each such end, all others never',
  full: 30,
  unit: 'ends',
  seconds: 120,
  async run({ count, random, isOver }) {
    const counted: Counted = { ends: 0, answers: 0, inFlight: 0 };
    // One of each at least.
    const ends = Math.max(count, OTHER_WAYS.length);
    const mayEnd = (): boolean => counted.ends < ends && !isOver();
    while (mayEnd()) await endOneExperiment({ ways: OTHER_WAYS, random, counted, mayEnd });
    const { answers, inFlight } = counted;
    return {
      tried: counted.ends,
      seen: `${inFlight} answers were on their way; ${answers} are kept, 0 lost`,
    };
  },
};
