// What the transports over HTTP have in common: attempts, what an answer means, and that no secret gets into words.
import { makeRedact, type Secret } from '../core/redact.ts';
import { sanitizeLine } from '../core/text.ts';
import type { Answer } from './exchange.ts';
import { checkName } from './name.ts';
import { RemoteError, type RemoteErrorKind, type RemoteFiles, type RemoteWorld } from './remote.ts';
import { withRetries } from './retry.ts';

export type HttpWay = {
  readonly shown: string;
  /** Taken out of everything that is said. */
  readonly secrets: readonly Secret[];
  /** One attempt. */
  get(name: string, limits: { readonly maxBytes: number; readonly signal: AbortSignal }): Promise<Answer>;
  /** One attempt; the store is asked to do it only where nothing is. */
  put(name: string, body: Uint8Array, signal: AbortSignal): Promise<Answer>;
  /** Beside what is passing everywhere. */
  readonly isPassing?: (answer: Answer) => boolean;
  isNone(answer: Answer): boolean;
  isThere(answer: Answer): boolean;
  /** It may be, or something else is in the way: then it is looked for. */
  readonly isMaybeThere?: (answer: Answer) => boolean;
  /** Of every other answer than success. */
  refusal(answer: Answer, asked: 'read' | 'write'): Refusal;
  close(): void;
};

export type Refusal = {
  readonly kind: RemoteErrorKind;
  readonly what: string;
  readonly advice?: string | null;
};

export function filesOverHttp(way: HttpWay, world: Pick<RemoteWorld, 'clock' | 'random'>): RemoteFiles {
  const { shown } = way;
  const redact = makeRedact(way.secrets);
  const clean = (text: string): string => sanitizeLine(redact(text));
  const more = way.isPassing === undefined ? {} : { isPassing: way.isPassing };
  let canWrite: RemoteFiles['canWrite'] = 'unknown';

  const refuse = (answer: Answer, input: { readonly name: string; readonly asked: 'read' | 'write' }) => {
    const { kind, what, advice = null } = way.refusal(answer, input.asked);
    const { status } = answer;
    return new RemoteError({ kind, message: `${shown}: ${input.name}: ${what}`, advice, status });
  };
  /** What was thrown, with the address and without secrets. Whoever ended it gets the reason. */
  const told = (cause: unknown, signal: AbortSignal): unknown => {
    if (signal.aborted) return signal.reason;
    if (!(cause instanceof RemoteError)) return cause;
    const message = cause.message.startsWith(shown) ? cause.message : `${shown}: ${cause.message}`;
    const { kind, advice, status } = cause;
    // The cause of a cause may hold a header: it is not handed on.
    return new RemoteError({
      ...{ kind, status, message: clean(message), advice: advice === null ? null : clean(advice) },
    });
  };

  async function get(
    name: string,
    { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  ): Promise<Uint8Array | null> {
    const attempt = () => way.get(name, { maxBytes, signal });
    const { answer } = await withRetries({ ...world, signal }, { attempt, ...more });
    if (answer.status === 200) return answer.body;
    if (way.isNone(answer)) return null;
    throw refuse(answer, { name, asked: 'read' });
  }

  async function create(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<'made' | 'there'> {
    const attempt = () => way.put(name, bytes, signal);
    const { answer, isDoubtful } = await withRetries({ ...world, signal }, { attempt, ...more });
    if ([200, 201, 204].includes(answer.status)) {
      canWrite = 'yes';
      return 'made';
    }
    if (way.isThere(answer) || (way.isMaybeThere?.(answer) && (await isAnything(name, signal)))) {
      canWrite = 'yes';
      return isDoubtful && (await isOurs(name, bytes, signal)) ? 'made' : 'there';
    }
    const refusal = refuse(answer, { name, asked: 'write' });
    if (['forbidden', 'unauthorized', 'unsupported'].includes(refusal.kind)) canWrite = 'no';
    throw refusal;
  }

  async function isAnything(name: string, signal: AbortSignal): Promise<boolean> {
    try {
      return (await get(name, { maxBytes: 0, signal })) !== null;
    } catch (cause) {
      if (cause instanceof RemoteError && cause.kind === 'too-large') return true;
      throw cause;
    }
  }

  /** An answer was lost on the way, and what the next attempt met may be what the first one made. */
  async function isOurs(name: string, bytes: Uint8Array, signal: AbortSignal): Promise<boolean> {
    try {
      const there = await get(name, { maxBytes: bytes.length, signal });
      return there !== null && Buffer.compare(there, bytes) === 0;
    } catch (cause) {
      if (cause instanceof RemoteError && cause.kind === 'too-large') return false;
      throw cause;
    }
  }

  return {
    shown,
    get canWrite() {
      return canWrite;
    },
    async get(name, limits) {
      checkName(name);
      limits.signal.throwIfAborted();
      return get(name, limits).catch((cause: unknown) => {
        throw told(cause, limits.signal);
      });
    },
    async create(name, bytes, signal) {
      checkName(name);
      signal.throwIfAborted();
      return create(name, bytes, signal).catch((cause: unknown) => {
        throw told(cause, signal);
      });
    },
    async [Symbol.asyncDispose]() {
      way.close();
    },
  };
}
