// Terminals that are closed at random moments of runs with model calls, own code, programs and tests in flight.
import { CLOSED_TERMINAL, type Counted, endOneExperiment } from '../rig/hang-up.ts';
import { HAS_TERMINAL } from '../rig/pty-bridge.ts';
import type { Row } from '../rig/row.ts';

export const row: Row = {
  name: 'hang-ups',
  how: 'the pseudo-terminal of a run is closed (SIGHUP from the kernel, EIO from then on) at random moments, with model calls, own code, programs and pytest in flight; then it is run to its end',
  holds:
    'no paid answer is lost: what the server answered is in a record, as its first attempt, and was asked for once',
  full: 20,
  unit: 'hang-ups',
  seconds: 90,
  missing: () => (HAS_TERMINAL ? null : 'python3 with pty is missing'),
  async run({ count, random, isOver }) {
    const counted: Counted = { ends: 0, answers: 0, inFlight: 0 };
    const mayEnd = (): boolean => counted.ends < count && !isOver();
    while (mayEnd()) await endOneExperiment({ ways: [CLOSED_TERMINAL], random, counted, mayEnd });
    const { ends, answers, inFlight } = counted;
    return {
      tried: ends,
      seen: `Hang-up, ${ends} times: no paid answer lost; ${inFlight} answers were on their way, ${answers} are kept and were asked for once`,
    };
  },
};
