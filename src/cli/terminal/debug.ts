// EXPGRAPH_DEBUG: what the program does inside, a line each on stderr. Nothing of it is promised to scripts.
import { DEBUG_TOPICS, type Debug, type DebugTopic } from '../../core/debug.ts';
import { sanitizeLine } from '../../core/text.ts';
import { tellLoads } from '../../project/open/module-loads.ts';
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
