// From an error answer to what it means: its kind, and of whom it speaks. The table of rules first, then the status. Pure.
import type { Failure, FailureKind } from '../core/outcome.ts';
import { unreachable } from '../core/result.ts';
import { ruleOf, type Says } from './refusal-rules.ts';
import type { ServerError } from './server-error.ts';

export type { ServerError } from './server-error.ts';

export type Meaning = {
  readonly kind: FailureKind;
  /** null where only the status speaks. */
  readonly says: Says | null;
  readonly refuses: Failure['refuses'];
  /** What it asks us to wait, as it stands. */
  readonly askedMs: number | null;
};

/** Whoever says "too much" and asks for longer has a limit of the day, whatever it calls it. */
const LASTS_MS = 3_600_000;

export function meaningOf(error: ServerError, askedMs: number | null = null): Meaning {
  const told = ruleOf(error)?.says ?? null;
  const isTooMuch = told === 'too-much' || (told === null && error.status === 429);
  const says = isTooMuch && askedMs !== null && askedMs > LASTS_MS ? 'day' : told;
  const kind = says === null ? kindByStatus(error) : kindOf(says);
  return { kind, says, refuses: refusedBy(says, kind), askedMs };
}

function kindOf(says: Says): FailureKind {
  switch (says) {
    case 'day':
    case 'quota':
      return 'quota-exhausted';
    case 'context':
      return 'context-exceeded';
    case 'key':
    case 'place':
      return 'unauthorized';
    // Where it cannot be told as an answer.
    case 'content':
    case 'too-large':
    case 'model':
      return 'bad-request';
    case 'overloaded':
      return 'overloaded';
    case 'too-much':
      return 'rate-limited';
    case 'timeout':
      return 'timeout';
    case 'unread':
      return 'invalid-response';
    default:
      return unreachable(says);
  }
}

function kindByStatus({ status, code, type }: ServerError): FailureKind {
  // Where an error came without a status of its own: inside an answer with status 200.
  if (status === null) return code === null && type === null ? 'invalid-response' : 'bad-request';
  if (status === 429) return 'rate-limited';
  if (status === 408) return 'timeout';
  // 409: a lock of the server, 424 and 425: what it hangs on, gone in a moment. 499: whoever stands before the model closed the
  // request (Gemini, nginx). 529: Anthropic's "overloaded".
  if (status === 409 || status === 424 || status === 425 || status === 499) return 'overloaded';
  // What is not implemented will not be in a minute.
  if (status === 501 || status === 505) return 'bad-request';
  return status >= 500 ? 'overloaded' : 'bad-request';
}

/** `request`: whoever sends the like of it again is refused again; of whom it speaks is shown by whom else it strikes. */
function refusedBy(says: Says | null, kind: FailureKind): Failure['refuses'] {
  if (says === 'day') return 'all';
  if (says === 'model') return 'model';
  if (kind === 'unauthorized' || kind === 'quota-exhausted') return 'account';
  return kind === 'bad-request' && says !== 'content' ? 'request' : undefined;
}
