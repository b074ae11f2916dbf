// What went wrong between here and a server, as an answer says it: whether anything reached anybody, and whether anybody is there.
import { type Teller, tellFailure } from './openai-answer.ts';
import type { ClientAnswer } from './provider.ts';
import type { TransportError } from './transport-error.ts';

export function tellTransport(error: TransportError, teller: Teller): ClientAnswer {
  const { kind, status, message, requestId, isUnsent, isNobodyThere } = error;
  const failed = tellFailure({ kind, status, message, requestId, teller });
  if (!isUnsent || failed.kind !== 'failure') return failed;
  const there = isNobodyThere === undefined ? {} : { isNobodyThere };
  return { ...failed, failure: { ...failed.failure, isUnsent, ...there } };
}
