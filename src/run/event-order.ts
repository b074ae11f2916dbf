// Events in their order, and none before what it reports is durable: one that waits holds up those behind it.
import type { RunEvent } from '../core/event.ts';

export type Teller = {
  tell(event: RunEvent): void;
  /** Emitted once `ready` resolves with true; never where it resolves with false. Later events wait for it. */
  tellAfter(ready: Promise<boolean>, event: RunEvent): void;
};

export function makeTeller(emit: (event: RunEvent) => void): Teller {
  const waiting: { readonly event: RunEvent; state: 'waits' | 'ready' | 'void' }[] = [];
  const drain = (): void => {
    while (waiting.length > 0 && waiting[0]!.state !== 'waits') {
      const { event, state } = waiting.shift()!;
      if (state === 'ready') emit(event);
    }
  };
  return {
    tell(event) {
      if (waiting.length === 0) emit(event);
      else waiting.push({ event, state: 'ready' });
    },
    tellAfter(ready, event) {
      const entry: (typeof waiting)[number] = { event, state: 'waits' };
      waiting.push(entry);
      void ready.then((isDurable) => {
        entry.state = isDurable ? 'ready' : 'void';
        drain();
      });
    },
  };
}
