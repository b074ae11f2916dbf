// What keeps own code to itself: what it prints, what it throws where nobody catches, what it reads and does not declare.
// Installed once in a thread that runs nothing else; who did it is told by the async context, also long after.
import { AsyncLocalStorage } from 'node:async_hooks';
import fs from 'node:fs';
import { registerHooks, syncBuiltinESMExports } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Log } from './log.ts';

type Inside = { readonly log: Log; readonly stray: (error: unknown) => void; isOver: boolean };

export type Ended<Value> =
  | { readonly kind: 'done'; readonly value: Value }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'cancelled' }
  /** Thrown outside of anything that is awaited. */
  | { readonly kind: 'stray'; readonly error: unknown };

const inside = new AsyncLocalStorage<Inside>();

/** Runs work until it is done, its deadline passes, it is cancelled, or an error of its own comes from nowhere. */
export function guard<Value>(
  of: { readonly log: Log; readonly signal: AbortSignal },
  work: () => Promise<Value>,
): Promise<Ended<Value>> {
  const { log, signal } = of;
  return new Promise((resolve, reject) => {
    const end = (ended: Ended<Value>): void => {
      here.isOver = true;
      resolve(ended);
    };
    const here: Inside = { log, isOver: false, stray: (error) => end({ kind: 'stray', error }) };
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

/** Files read since the last attempt ended: what a module reads while it loads counts for its first attempt. */
let readsSoFar = new Set<string>();

export function noteReads(folder: string): {
  undeclared(known: ReadonlySet<string>): readonly string[];
} {
  return {
    undeclared(known) {
      const found = [...readsSoFar].flatMap((file) => {
        const shown = path.relative(folder, file).replaceAll('\\', '/');
        if (shown.startsWith('..') || path.isAbsolute(shown) || NOT_INPUTS.test(shown)) return [];
        return known.has(shown) ? [] : [shown];
      });
      readsSoFar = new Set();
      return found.sort().slice(0, MAX_UNDECLARED);
    },
  };
}

/** What is installed is known by its version; what expgraph writes is no input. */
const NOT_INPUTS = /^(?:artifacts|dist)\/|(?:^|\/)(?:node_modules|\.git)\/|(?:^|\/)package\.json$/;
const MAX_UNDECLARED = 20;

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
  process.on('uncaughtException', onStray);
  process.on('unhandledRejection', onStray);
  watchReads();
}

function watchReads(): void {
  registerHooks({
    load(url, context, next) {
      if (!url.startsWith('file:')) return next(url, context);
      const file = fileURLToPath(url);
      readsSoFar.add(file);
      const format = moduleFormat(file, context.format);
      return next(url, format === null ? context : { ...context, format });
    },
  });
  wrap(fs, ['readFileSync', 'readFile', 'openSync', 'open', 'createReadStream']);
  wrap(fs.promises, ['readFile', 'open']);
  // `import { readFileSync } from 'node:fs'` sees them too.
  syncBuiltinESMExports();
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

function wrap(module: object, names: readonly string[]): void {
  const functions = module as { [name: string]: (...given: unknown[]) => unknown };
  for (const name of names) {
    const original = functions[name]!;
    const opens = name === 'open' || name === 'openSync';
    functions[name] = function watched(this: unknown, ...given: unknown[]) {
      const [file, flags] = given;
      if (!opens || flags === undefined || (typeof flags === 'string' && flags.startsWith('r'))) note(file);
      return Reflect.apply(original, this, given);
    };
  }
}

function note(file: unknown): void {
  if (typeof file === 'string') readsSoFar.add(path.resolve(file));
  else if (file instanceof URL && file.protocol === 'file:') readsSoFar.add(fileURLToPath(file));
  else if (Buffer.isBuffer(file)) readsSoFar.add(path.resolve(file.toString()));
}
