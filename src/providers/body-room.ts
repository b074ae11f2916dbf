// How much of unfinished answers one worker holds at once. Beyond it connections are paused: thirty-two answers of fifty
// megabytes that come slowly and together are not all held half done.
//
//   reading --over the limit, another one leads--> paused --room, or now the leader--> reading --left-->

/** The connection that an answer comes over. */
export type Flow = { pause(): void; resume(): void };

export type Seat = {
  /** So many bytes more are held. May pause the flow. */
  readonly hold: (bytes: number) => void;
  /** Nothing is held any more, whether the answer was whole or not. Once more does nothing. */
  readonly leave: () => void;
};

export type BodyRoom = { readonly enter: (flow: Flow) => Seat };

type Held = { readonly flow: Flow; bytes: number; isPaused: boolean };

export function makeBodyRoom(maxBytes: number): BodyRoom {
  const seats = new Set<Held>();
  let total = 0;
  /** The one that goes on although there is no room: its own answer is bounded, and without it all would wait. */
  let leader: Held | null = null;

  function letGo(): void {
    if (total <= maxBytes) leader = null;
    for (const seat of seats) {
      if (!seat.isPaused) continue;
      if (total > maxBytes) {
        if (leader !== null) return;
        leader = seat;
      }
      seat.isPaused = false;
      seat.flow.resume();
    }
  }

  return {
    enter(flow) {
      const seat: Held = { flow, bytes: 0, isPaused: false };
      seats.add(seat);
      return {
        hold(bytes) {
          seat.bytes += bytes;
          total += bytes;
          if (total <= maxBytes) return;
          leader ??= seat;
          if (leader === seat) return;
          seat.isPaused = true;
          flow.pause();
        },
        leave() {
          if (!seats.delete(seat)) return;
          total -= seat.bytes;
          if (leader === seat) leader = null;
          letGo();
        },
      };
    },
  };
}
