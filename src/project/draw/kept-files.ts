// Files that inputs show are kept before anything is asked about them: whatever a record names is in the store, and bytes that
// are no longer there are not paid for.
import path from 'node:path';
import type { Store } from '../../cache/store.ts';
import { sha256 } from '../../core/canonical.ts';
import type { Clock } from '../../core/clock.ts';
import { hasMedia, type MediaPart, mediaIn } from '../../core/media.ts';
import type { Order } from '../../core/order.ts';
import type { Failure, Outcome } from '../../core/outcome.ts';
import type { Executor } from '../../executor/executor.ts';
import { readWhole } from '../../manifest/documents/media-file.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

/** undefined: no input and no prompt of the experiment shows a file, and nothing stands between the loop and its executor. */
export function keepingFiles(input: {
  readonly io: Pick<World, 'clock'>;
  readonly experiment: Experiment;
  readonly store: Pick<Store, 'keepFile'>;
}): ((executor: Executor) => Executor) | undefined {
  const { folder, scenarios, variants } = input.experiment.manifest;
  const isAny =
    scenarios.some(({ input: asked }) => typeof asked !== 'string' && hasMedia(asked)) ||
    variants.some(({ template }) => typeof template !== 'string' && hasMedia(template));
  if (!isAny) return undefined;
  return (executor) => {
    const execute: Executor['execute'] = async (order, gate, pausing) => {
      const failure = await keep(order);
      return failure === null
        ? await executor.execute(order, gate, pausing)
        : unasked(failure, input.io.clock);
    };
    return Object.assign(Object.create(executor) as Executor, { execute });
  };

  async function keep({ request, work }: Order): Promise<Failure | null> {
    // Tests are started together, and say themselves what they sent.
    if (work?.harness.kind === 'pytest') return null;
    for (const part of hasMedia(request.messages) ? mediaIn(request.messages) : []) {
      try {
        const read = () => readWhole({ file: path.join(folder, part.file), folder, bytes: part.bytes });
        if (!(await input.store.keepFile(part, read))) return moved(part);
        // Whoever sends it by himself holds it against nothing.
        if (work !== undefined && !isSame(part, await read())) return moved(part);
      } catch (cause) {
        // The disk: nothing that was drawn could be kept either.
        const message = `${part.file} could not be kept: ${(cause as Error).message}`;
        return { kind: 'internal', status: null, message, retryAfterMs: null, isUnsent: true };
      }
    }
    return null;
  }
}

function isSame(part: MediaPart, bytes: Uint8Array | null): boolean {
  return bytes !== null && sha256(bytes) === part.sha256;
}

function moved({ file }: MediaPart): Failure {
  const message = `${file} is no longer what its key was made of: it was changed, moved or removed since the plan. Nothing was sent; run again`;
  return { kind: 'inputs-changed', status: null, message, retryAfterMs: null, isUnsent: true };
}

function unasked(failure: Failure, clock: Clock): Outcome {
  const startedAt = clock.now().toISOString();
  return { kind: 'failure', startedAt, durationMs: 0, requestId: null, failure, limits: null };
}
