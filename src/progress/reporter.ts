// The face of the room: somebody who watches. A reporter gets every event in order and gives nothing back.
import type { EventLine } from '../core/event.ts';

export interface Reporter {
  report(event: EventLine): void;
  /** Called once after `invocation-ended`: leaves the terminal as it was found. */
  close(): void;
}
