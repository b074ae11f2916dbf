// EXPGRAPH_DEBUG: what the program does inside, a line each on stderr. Nothing of it is promised to scripts.
import { registerHooks } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEBUG_TOPICS, type Debug, type DebugTopic } from '../../core/debug.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { Io } from '../io.ts';

/** `EXPGRAPH_DEBUG=1` asks for everything, `EXPGRAPH_DEBUG=lock,order` for these. */
export function withDebug(io: Io): Disposable & { readonly io: Io } {
  const debug = makeDebug(io);
  if (debug === null) return { io, [Symbol.dispose]: () => {} };
  const loads = tellLoads(debug);
  return { io: { ...io, debug }, [Symbol.dispose]: () => loads[Symbol.dispose]() };
}

const OFF = ['0', 'false', 'off', 'no'];
const ALL = ['1', 'true', 'on', 'yes', 'all', '*'];

function makeDebug({ env, clock, err }: Io): Debug | null {
  const words = (env.EXPGRAPH_DEBUG ?? '').split(/[\s,]+/).filter((word) => word !== '');
  const asked = words.filter((word) => !OFF.includes(word));
  if (asked.length === 0) return null;
  const isTopic = (word: string): word is DebugTopic => (DEBUG_TOPICS as readonly string[]).includes(word);
  const unknown = asked.filter((word) => !isTopic(word) && !ALL.includes(word));
  if (unknown.length > 0) {
    const names = unknown.map(sanitizeLine).join(', ');
    err.write(`EXPGRAPH_DEBUG does not know ${names}; it knows ${DEBUG_TOPICS.join(', ')}, and 1 for all\n`);
  }
  const named = asked.filter(isTopic);
  const topics: ReadonlySet<DebugTopic> = new Set(named.length > 0 ? named : DEBUG_TOPICS);
  const startMs = clock.monotonicMs();
  return (topic, told) => {
    if (!topics.has(topic)) return;
    const ms = Math.round(clock.monotonicMs() - startMs);
    err.write(`debug +${ms} ms ${topic}: ${sanitizeLine(told())}\n`);
  };
}

/** Tells of each room when the first of its files is loaded, and by which file. Of packages their names. */
function tellLoads(debug: Debug): Disposable {
  const known = new Set<string>();
  const hooks = registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const room = roomOf(resolved.url);
      if (room !== null && !known.has(room)) {
        known.add(room);
        debug('load', () => `${room} · for ${fileOf(context.parentURL)}`);
      }
      return resolved;
    },
  });
  return { [Symbol.dispose]: () => hooks.deregister() };
}

/** Where this program's own code lies: src/ as it is written, dist/ as it is built. */
const CODE = path.join(import.meta.dirname, '../..');

/** @returns `run/`, `package openai`; null = a part of Node. */
function roomOf(url: string): string | null {
  if (!url.startsWith('file:')) return null;
  const file = fileURLToPath(url);
  const inPackage = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(file);
  if (inPackage) return `package ${inPackage[1]!.replaceAll('\\', '/')}`;
  const inside = path.relative(CODE, file).split(path.sep);
  if (inside[0] === '..') return `file ${file}`;
  return inside.length === 1 ? inside[0]! : `${inside.slice(0, -1).join('/')}/`;
}

function fileOf(url: string | undefined): string {
  if (!url?.startsWith('file:')) return 'the start';
  const file = fileURLToPath(url);
  const inside = path.relative(CODE, file);
  return inside.startsWith('..') ? path.basename(file) : inside.replaceAll('\\', '/');
}
