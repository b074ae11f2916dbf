// Tool loops that are killed, interrupted and refused at random moments, and then run to their end: what was paid is counted
// once, and is not paid again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openReader } from '../../src/cache/index/reader.ts';
import type { InvocationRecord, ScenarioResult } from '../../src/core/record.ts';
import { tail, writeFiles } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import {
  LOOP_ENV,
  type LoopServer,
  loopManifest,
  startLoopServer,
  TURN_TOKENS,
  TURN_USD,
} from '../rig/loop-server.ts';
import { program, type Started, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { ARTIFACTS, recordsByKey } from '../rig/small-experiment.ts';

const TURNS = 5;
const SCENARIOS = 40;
const CONCURRENCY = 8;
const LATENCY_MS = 25;
/** Experiments that are stopped at once: two cores wait for starts and answers most of the time. */
const AT_ONCE = 4;
/** From the first answer of a run on; a run takes about as long. */
const WITHIN_MS = 900;

const ENDS = ['SIGKILL', 'SIGINT', 'SIGTERM', 'SIGINT twice', '402'] as const;
type End = (typeof ENDS)[number];

export const row: Row = {
  name: 'stops-in-loops',
  how: 'kill -9, SIGINT, SIGINT twice, SIGTERM and 402 at random moments of runs over tool loops of five paid calls; then the experiment is run to its end',
  holds:
    'what all invocations say that they paid, the killed ones by their log, is every turn once; no answer from which a conversation had gone on is asked for again, after a stop that is no kill no answer at all; each record holds its whole conversation; fsck is clean',
  full: 300,
  unit: 'stops',
  seconds: 120,
  async run({ count, random, isOver }) {
    const total = { stops: 0, answers: 0, again: 0, earlier: 0 };
    const oneAfterAnother = async (): Promise<void> => {
      while (total.stops < count && !isOver()) {
        const mayStop = (): boolean => total.stops < count && !isOver();
        await oneExperiment({ random, total, mayStop });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
    assert(total.earlier > 0, 'no conversation was ever gone on with: the stops came too early');
    const { stops, answers, again, earlier } = total;
    return {
      tried: stops,
      seen: `${answers} answers paid, each counted once; ${earlier} turns gone on from; ${again} that were on their way at a kill asked for again`,
    };
  },
};

async function oneExperiment(at: {
  readonly random: () => number;
  readonly total: { stops: number; answers: number; again: number; earlier: number };
  readonly mayStop: () => boolean;
}): Promise<void> {
  const { random, total } = at;
  await using server = await startLoopServer({ turns: TURNS, latencyMs: LATENCY_MS });
  await withFolder(async (cwd) => {
    const execution = `concurrency: ${CONCURRENCY}, retries: 2`;
    writeFiles(cwd, loopManifest({ url: server.url, maxTurns: TURNS, scenarios: SCENARIOS, execution }));
    /** Answers that a run took which was not killed: nobody asks for them again. */
    const safe = new Set<string>();
    while (at.mayStop()) {
      const end = ENDS[Math.floor(random() * ENDS.length)]!;
      const before = { asked: server.asked.length, given: server.given.length };
      const { code, signal } = await stoppedRun({ cwd, server, end, delayMs: random() * WITHIN_MS });
      server.refuse = () => null;
      total.stops++;
      checkAsked(server, { safe, since: before.asked });
      // After its last task a run listens to no signal: one that comes then ends it as a kill does.
      if (signal === null && end !== 'SIGINT twice')
        for (const one of server.given.slice(before.given)) safe.add(nameOf(one));
      if (code === 0) break;
    }
    const since = server.asked.length;
    const last = await program(['run'], { cwd, env: LOOP_ENV });
    assert.equal(last.code, 0, tail(last.stderr));
    checkAsked(server, { safe, since });
    checkRecords(cwd, total);
    checkTotals(cwd);
    const fsck = await program(['fsck'], { cwd, env: LOOP_ENV });
    assert.equal(fsck.code, 0, tail(fsck.stdout + fsck.stderr));
    total.answers += SCENARIOS * TURNS;
    total.again += server.given.length - SCENARIOS * TURNS;
  });
}

async function stoppedRun(at: {
  readonly cwd: string;
  readonly server: LoopServer;
  readonly end: End;
  readonly delayMs: number;
}): Promise<Awaited<Started['ended']>> {
  const { server, end } = at;
  const { child, ended } = startProgram(['run'], { cwd: at.cwd, env: LOOP_ENV });
  let timer: NodeJS.Timeout | null = null;
  let isBroke = false;
  server.refuse = () => {
    timer ??= setTimeout(() => {
      if (end === '402') isBroke = true;
      else child.kill(end === 'SIGINT twice' ? 'SIGINT' : end);
    }, at.delayMs);
    return isBroke ? { status: 402, body: { error: { message: 'Insufficient Balance' } } } : null;
  };
  let said = '';
  let again: NodeJS.Timeout | undefined;
  child.stderr!.on('data', (text: string) => {
    const before = said.includes('leave at once');
    said += text;
    // One that follows at once is the first one, handed on: it is pressed until it is heard.
    if (end === 'SIGINT twice' && !before && said.includes('leave at once'))
      again = setInterval(() => child.kill('SIGINT'), 100);
    if (said.includes('Leaving now')) clearInterval(again);
  });
  const done = await ended;
  clearInterval(again);
  if (timer) clearTimeout(timer);
  return done;
}

function nameOf({ of, turn }: LoopServer['asked'][number]): string {
  return `${of}, turn ${turn}`;
}

/** What a conversation went on from is not asked for again, by no run; nor is what is safe. */
function checkAsked(
  { asked }: LoopServer,
  { safe, since }: { readonly safe: ReadonlySet<string>; readonly since: number },
): void {
  const furthest = new Map<string, number>();
  for (const one of asked) {
    const before = furthest.get(one.of) ?? 0;
    assert(one.turn >= before, `${nameOf(one)} was asked for again, after turn ${before}`);
    furthest.set(one.of, one.turn);
  }
  for (const one of asked.slice(since)) {
    assert(!safe.has(nameOf(one)), `${nameOf(one)} was answered, and asked for again`);
  }
}

function checkRecords(cwd: string, total: { earlier: number }): void {
  const records = [...recordsByKey(cwd).values()].map((lines) =>
    lines.map((line) => JSON.parse(line) as ScenarioResult),
  );
  assert.equal(records.length, SCENARIOS);
  for (const generations of records) {
    const completed = generations.filter(({ status }) => status === 'completed');
    assert.equal(completed.length, 1, `${generations[0]!.scenario} was answered ${completed.length} times`);
    const [{ scenario, turns, usage, output }] = completed as [ScenarioResult];
    assert.equal(turns?.length, TURNS, `${scenario} has ${turns?.length} turns`);
    assert.equal(usage?.total_tokens, TURNS * TURN_TOKENS, scenario);
    const told = output!.messages.filter(({ role }) => role === 'tool');
    assert.equal(told.length, TURNS - 1, `${scenario}: a result is missing or told twice`);
    total.earlier += turns!.filter(({ invocation }) => invocation !== undefined).length;
  }
}

/** Every turn once, whoever paid it: by what each invocation said at its end, and by the log of those that said nothing. */
function checkTotals(cwd: string): void {
  const root = path.join(cwd, ARTIFACTS);
  using reader = openReader(root);
  let tokens = 0;
  let usd = 0;
  for (const { invocation } of reader.invocations()) {
    const spent = reader.spentBy(invocation);
    tokens += spent.usage.total_tokens;
    usd += spent.atLeastUsd;
    const said = JSON.parse(
      readFileSync(path.join(root, 'history', invocation, 'invocation.json'), 'utf8'),
    ) as InvocationRecord;
    if (said.how === 'running') continue;
    assert.equal(said.totals.usage?.total_tokens ?? 0, spent.usage.total_tokens, `${invocation}: tokens`);
    assert.equal(said.totals.cost_usd, spent.costUsd, `${invocation}: cost`);
    assert.equal(said.totals.cost_usd_at_least, spent.atLeastUsd, `${invocation}: least cost`);
  }
  assert.equal(tokens, SCENARIOS * TURNS * TURN_TOKENS, 'tokens of all invocations');
  assert.equal(
    Math.round(usd * 1e6),
    Math.round(SCENARIOS * TURNS * TURN_USD * 1e6),
    'cost of all invocations',
  );
}
