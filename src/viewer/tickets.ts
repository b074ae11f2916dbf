// The address that a browser is started with: everybody on this machine can read the words of a command line, so it has no token
// in it, but a ticket that is good once and for a minute. Whoever comes with it is sent on to the address that has one.
import { newToken } from './token.ts';

export type Tickets = {
  /** @param path where it leads */
  make(path: string): string;
  /** null = it was used, is too old, or is none. */
  take(ticket: string): string | null;
};

/** A browser that is not open yet, on a slow machine, takes seconds. */
const GOOD_FOR_MS = 60_000;

export function makeTickets(): Tickets {
  const good = new Map<string, string>();
  return {
    make(path) {
      const ticket = newToken();
      good.set(ticket, path);
      setTimeout(() => good.delete(ticket), GOOD_FOR_MS).unref();
      return ticket;
    },
    take(ticket) {
      const path = good.get(ticket) ?? null;
      good.delete(ticket);
      return path;
    },
  };
}
