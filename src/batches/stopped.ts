// A batch of which cannot be told what becomes of it: said once, and nothing of it is sent again.
import type { RunEvent } from '../core/event.ts';
import type { Failure } from '../core/outcome.ts';
import type { Following, Sought } from './seek.ts';
import { leaveAll, type Posted, stopAll } from './waiters.ts';

export function stopped(
  posted: Posted,
  why: Extract<Sought, { kind: 'left' | 'stuck' }>,
  by: Following,
): void {
  if (why.kind === 'left' || by.waits.isLeft()) {
    leaveAll(posted);
    return;
  }
  const { sent, intendedAt } = posted.batch;
  const name = sent === null ? 'a batch that may be out' : `batch ${sent.id}`;
  const { failure } = why;
  const message = `${name}, sent ${intendedAt.slice(0, 16).replace('T', ' ')} UTC: ${failure.message}; nothing of it is sent again before that is clear (npx expgraph batches)`;
  stopAll(posted, { ...failure, message });
}

export function trouble(id: string, provider: string, { message }: Failure): RunEvent {
  return {
    kind: 'diagnostic',
    severity: 'warning',
    code: 'batch-unreachable',
    message: `batch ${id} of ${provider} cannot be looked at just now: ${message}`,
    hint: 'it goes on without us and is asked again; Ctrl-C leaves it there, and run picks it up',
  };
}
