// What keeps own code to itself: what it prints, what it throws where nobody catches, what it reads and does not declare.
// Installed once in a thread that runs nothing else; who did it is told by the async context, also long after.
import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Code } from '../../core/harness.ts';
import type { Log } from '../log.ts';
import { observeFs } from './fs-reads.ts';
import { noteLoad, noteRead } from './thread-reads.ts';

type Inside = {
  readonly log: Log;
  /** Of whom it is. */
  readonly code: Code;
  readonly stray: (error: unknown) => void;
  /** Others may be at work in this thread: it is not its own to end. null = it is. */
  readonly exit: ((code: unknown) => void) | null;
  isOver: boolean;
};

export type Ended<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  /** Thrown outside of anything that is awaited. */
  | { readonly kind: 'stray'; readonly error: unknown }
  /** It wanted to end the thread that it shares. */
  | { readonly kind: 'exit'; readonly code: unknown };

const inside = new AsyncLocalStorage<Inside>();

/** Runs work until it is done, its deadline passes, it is cancelled, or an error of its own comes from nowhere. */
export function guard<Value>(
  input: {
    readonly log: Log;
    readonly code: Code;
    readonly signal: AbortSignal;
    /** Others are done in this thread at the same time. */
    readonly isShared: boolean;
  },
  work: () => Promise<Value>,
): Promise<Ended<Value>> {
  const { log, code, signal } = input;
  return new Promise((resolve, reject) => {
    const end = (ended: Ended<Value>): void => {
      here.isOver = true;
      resolve(ended);
    };
    const here: Inside = {
      ...{ log, code, isOver: false, stray: (error) => end({ kind: 'stray', error }) },
      exit: input.isShared ? (code) => end({ kind: 'exit', code }) : null,
    };
    const onAbort = (): void => {
      const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError';
      end({ kind: isTimeout ? 'timeout' : 'cancelled' });
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    inside
      .run(here, work)
      .then((value) => end({ kind: 'done', value }), reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Installs all of it. Only for threads of own code. */
export function keepToItself(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.write = ((chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
      const here = inside.getStore();
      // What is printed after its attempt ended belongs to none.
      if (here && !here.isOver)
        here.log.add(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
      const done = rest.findLast((one) => typeof one === 'function') as (() => void) | undefined;
      if (done) queueMicrotask(done);
      return true;
    }) as typeof stream.write;
  }
  const onStray = (error: unknown): void => {
    const here = inside.getStore();
    if (here && !here.isOver) here.stray(error);
  };
  const exit = process.exit.bind(process);
  process.exit = (code) => {
    const here = inside.getStore();
    if (!here?.exit) return exit(code);
    if (!here.isOver) here.exit(code);
    // What comes after it was not written to be run.
    throw new Error(`process.exit(${code ?? ''})`);
  };
  process.on('uncaughtException', onStray);
  process.on('unhandledRejection', onStray);
  watchReads();
}

/** Before anything of the user's is loaded. Who reads is who is at work, also long after. */
function watchReads(): void {
  const bytesOf = fs.readFileSync;
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith('file:')) return next(url, context);
      const file = fileURLToPath(url);
      const format = moduleFormat(file, context.format);
      const loaded = next(url, format === null ? context : { ...context, format });
      // A module of the older kind is read by whoever runs it, a moment later; and a text is not the bytes it came from.
      const { source } = loaded;
      noteLoad(file, ArrayBuffer.isView(source) ? (source as Uint8Array) : bytesOf(file));
      noteRead('r', file, codeAtWork());
      return loaded;
    },
  });
  observeFs((kind, file) => noteRead(kind, file, codeAtWork()));
}

function codeAtWork(): Code | null {
  return inside.getStore()?.code ?? null;
}

/**
 * `npm init` writes "type": "commonjs": a variant with `import` and `export` would then be refused. What is written as a
 * module is one. null = as Node says.
 */
function moduleFormat(file: string, said: string | null | undefined): 'module' | 'module-typescript' | null {
  const isTypeScript = said === 'commonjs-typescript';
  if ((said !== 'commonjs' && !isTypeScript) || /[\\/]node_modules[\\/]/.test(file)) return null;
  if (!/^\s*(?:import\s*[\w*{"']|export\s+[\w*{])/m.test(fs.readFileSync(file, 'utf8'))) return null;
  return isTypeScript ? 'module-typescript' : 'module';
}
