// Two accounts, one of them dead: what the other one gets done against the same account alone.

import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { eventsOf } from './limits.ts';
import { writeExperiment } from './made.ts';
import { CLI, median, type Row, repeat, runNode, tempFolder } from './measure.ts';
import { startSimProcess } from './sim-process.ts';

const CALLS = 12_000;
const LATENCY_MS = 100;

/** Calls a second of the living account, from its first call to its last answer. */
async function rateOf(at: { readonly url: string; readonly dead: string | null }): Promise<number> {
  const { folder, remove } = tempFolder();
  try {
    const limits = 'limits: { concurrency: 32 }';
    writeExperiment({
      folder,
      variants: at.dead === null ? 1 : 2,
      scenarios: CALLS / 3,
      runs: 3,
      provider: ['type: openai', `base_url: ${at.url}`, limits],
      concurrency: 32,
      more: at.dead === null ? [] : ['  dead:', '    type: openai', `    base_url: ${at.dead}`],
      ...(at.dead === null ? {} : { lastVariant: 'provider: dead' }),
    });
    // The dead account is probed for minutes: enough is seen when the living one is done.
    const args = [CLI, 'run', '--json', '--events', 'events.jsonl', '--deadline', '75s'];
    await runNode(args, { cwd: folder, expect: at.dead === null ? 0 : 3 });
    const events = eventsOf(folder).filter(({ variant }) => variant === 'v0');
    const times = events.map(({ at: time }) => Date.parse(time));
    const finished = events.filter(({ kind }) => kind === 'task-finished').length;
    if (finished !== CALLS) throw new Error(`${finished} of ${CALLS} were finished`);
    return (CALLS / (times.at(-1)! - times[0]!)) * 1000;
  } finally {
    remove();
  }
}

export async function accounts(): Promise<readonly Row[]> {
  const sim = await startSimProcess(['--latency', String(LATENCY_MS)]);
  // Takes connections and never says a word.
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const silentUrl = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1`;
  const closedUrl = 'http://127.0.0.1:9/v1';
  try {
    const alone: number[] = [];
    const refusing: number[] = [];
    const waiting: number[] = [];
    await repeat(1, async () => {
      alone.push(await rateOf({ url: sim.url, dead: null }));
      refusing.push(await rateOf({ url: sim.url, dead: closedUrl }));
      waiting.push(await rateOf({ url: sim.url, dead: silentUrl }));
    });
    const row = (what: string, rates: readonly number[]): Row => {
      const ratio = median(rates) / median(alone);
      return {
        what: `two accounts, one of them ${what}`,
        floor: `${median(alone).toFixed(0)}/s (alone)`,
        measured: `${median(rates).toFixed(0)}/s`,
        ratio: ratio.toFixed(3),
        wanted: 'at least 0.95',
        held: ratio >= 0.95,
      };
    };
    return [row('refuses connections', refusing), row('never answers', waiting)];
  } finally {
    await sim.stop();
    silent.close();
  }
}
