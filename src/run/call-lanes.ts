// Lanes of calls that other people's clients make: known by name only when the first of them comes.
import type { RunEvent } from '../core/event.ts';
import type { RunInput } from './input.ts';
import type { CallEnd, Lane, Ticket } from './limits/lanes.ts';
import { laneEvent } from './loop-events.ts';

/** A call in a lane that may not be its flight's own. */
export type CallRelease = {
  readonly lane: string;
  readonly ticket: Ticket;
  readonly end: Omit<CallEnd, 'nowMs' | 'random'>;
};

export type CallLanes = {
  /** Of tasks, or made now. */
  of(name: string): Lane;
  release(call: CallRelease): void;
};

/** @param givenUp a lane in which nothing will succeed any more; `isTasks`: tasks are begun there as well */
export function makeCallLanes(loop: {
  readonly input: RunInput;
  readonly tell: (event: RunEvent) => void;
  readonly givenUp: (lane: { readonly name: string; readonly isTasks: boolean }, why: string) => void;
}): CallLanes {
  const { input, tell } = loop;
  const { lanes, clock } = input;
  const made = new Map<string, Lane>();

  function find(name: string): Lane {
    const lane = lanes.get(name) ?? made.get(name) ?? input.makeCallLane!(name);
    if (!lanes.has(name)) made.set(name, lane);
    return lane;
  }

  return {
    of: find,
    release({ lane: name, ticket, end }) {
      const nowMs = clock.monotonicMs();
      for (const news of find(name).release(ticket, { ...end, nowMs, random: input.random() })) {
        const why = end.failure ? `${name}: ${end.failure.message}` : '';
        tell(laneEvent({ lane: name, news, why }));
        if (news.kind === 'given-up')
          loop.givenUp({ name, isTasks: lanes.has(name) }, `${why}; given up after ${news.probes} probes`);
      }
    },
  };
}
