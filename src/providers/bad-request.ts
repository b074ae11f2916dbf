// A failure that is the same for every call of an account: what is asked, or how, cannot be. Nothing came from a server.
import type { Failure } from '../core/outcome.ts';

export function badRequest(message: string): Failure {
  return { kind: 'bad-request', status: null, message, retryAfterMs: null };
}
