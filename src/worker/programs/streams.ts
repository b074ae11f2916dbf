// Programs that stay and serve many tasks: JSON lines both ways. One that ends, hangs or breaks its word is replaced.
//
//   {"id": "1", "task": {...}}  ->  {"id": "1", "result": {...}}  or  {"id": "1", "error": {"message", "retryable"?}}
//                                   {"id": "1", "log": "..."} as often as it likes
import type { Clock } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import type { CommandHarness, HarnessOrder } from '../../core/harness.ts';
import { armOf, type Witness } from '../../core/input-moments.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Order } from '../../core/order.ts';
import { lineUrls, withProxy } from '../../core/proxy.ts';
import { parseTold } from '../../core/untrusted-json.ts';
import type { ClientAnswer } from '../../providers/provider.ts';
import { openReads, type Reads } from '../../providers/reads.ts';
import { type Spawned, startProcess, strictEnv } from '../../providers/spawn.ts';
import type { Attempted } from '../attempt.ts';
import { startDeadline } from '../deadline.ts';
import { type Log, makeLog } from '../log.ts';
import { badEnding, failureAnswer, nameOf, readAnswer } from './program-answer.ts';
import { tellTurn } from './proxy-line.ts';
import { type CommandInput, cutOff, MAX_OUTPUT_CHARS, TOO_MUCH } from './run-command.ts';
import { taskJson } from './task-json.ts';

export type Streams = {
  run(input: CommandInput): Promise<Attempted>;
  /** Tells every program that nothing more comes, and ends those that stay. */
  close(): Promise<void>;
};

type Waiting = {
  readonly log: Log;
  readonly settle: (answer: ClientAnswer) => void;
  /** Of an order that judges. */
  readonly score: Order['score'];
  /** Its clients are recorded: it need tell nothing. */
  readonly isSeen: boolean;
};

type Wanted = {
  readonly harness: CommandHarness;
  readonly work: HarnessOrder;
  readonly folder: string;
  /** Of this harness. */
  readonly all: Set<Stream>;
};

type Stream = {
  readonly child: Spawned;
  /** Its name at the recording proxy. */
  readonly line: string;
  /** The moment from which on it may have read what counts. */
  readonly since: number;
  /** What it has read, of the project. */
  readonly reads: Reads;
  readonly waiting: Map<string, Waiting>;
  readonly errors: Log;
  /** Whether it ever answered: one that never did will not do so when it is started again. */
  hasAnswered: boolean;
  /** Its turn at the recording proxy is not over yet. */
  isTaken: boolean;
  isOver: boolean;
};

const CLOSE_MS = 2_000;

export function makeStreams({
  env,
  clock,
  witness,
}: {
  readonly env: Env;
  readonly clock: Clock;
  readonly witness: Witness;
}): Streams {
  const byHarness = new Map<string, Set<Stream>>();
  let lastId = 0;
  let lastLine = 0;

  function start({ harness, work, folder, all }: Wanted): Stream {
    const { proxy } = work;
    const name = nameOf(harness.argv);
    let half = '';
    const errors = makeLog();
    const since = witness.now();
    const reads = openReads(folder);
    const line = `stream-${++lastLine}`;
    const given = strictEnv(env, harness.env, folder);
    const childEnv = proxy === undefined ? given : withProxy(given, lineUrls(proxy, line));
    const child = startProcess({
      argv: harness.argv,
      cwd: folder,
      env: reads.env(childEnv),
      onErrors(text) {
        errors.add(text);
        for (const { log } of stream.waiting.values()) log.add(text);
      },
      onOutput(text) {
        const pieces = (half + text).split('\n');
        half = pieces.pop()!;
        for (const piece of pieces) take(stream, { text: piece, name });
        if (half.length > MAX_OUTPUT_CHARS)
          end(stream, () => failureAnswer('broken-output', `${name} ${TOO_MUCH}`));
      },
    });
    const begun = { hasAnswered: false, isTaken: false, isOver: false };
    const stream: Stream = { child, line, since, reads, waiting: new Map(), errors, ...begun };
    all.add(stream);
    void child.ended.then((ending) => {
      all.delete(stream);
      reads.close();
      const bad = badEnding({ name, ending, errors: errors.text() ?? '' });
      end(stream, () => {
        if (bad?.kind === 'failure' && !stream.hasAnswered) return bad;
        const why = bad?.kind === 'failure' ? bad.failure.message : `${name} ended before it answered`;
        return failureAnswer('worker-lost', why);
      });
    });
    return stream;
  }

  /** One that may hold what a file was in between is given nothing more. */
  function isHeld(stream: Stream, order: Order): boolean {
    if (witness.moved(armOf(order), stream.since) === null) return false;
    if (stream.waiting.size === 0) stream.child.endInput();
    return true;
  }

  return {
    async run({ order, work, folder, signal, gate }) {
      const harness = work.harness as CommandHarness;
      const name = nameOf(harness.argv);
      const which = JSON.stringify(harness);
      const all = byHarness.get(which) ?? new Set();
      byHarness.set(which, all);
      const free = [...all].filter(
        (one) => !one.isOver && !one.isTaken && one.waiting.size < harness.inFlight && !isHeld(one, order),
      );
      const stream =
        free.sort((a, b) => a.waiting.size - b.waiting.size)[0] ?? start({ harness, work, folder, all });
      const id = String(++lastId);
      const log = makeLog();
      using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel: signal, clock });
      gate.whenWaiting?.((isWaiting) => (isWaiting ? deadline.pause() : deadline.resume()));
      // One at a time: what comes from this process is of this task. Several are told addresses of their own.
      const turn = harness.inFlight === 1 ? work.proxy : undefined;
      stream.isTaken = turn !== undefined;
      const answer = await new Promise<ClientAnswer>((settle) => {
        stream.waiting.set(id, { log, settle, score: order.score, isSeen: work.proxy !== undefined });
        const onAbort = (): void => {
          settle(cutOff(deadline.signal, { name, order }));
          stream.waiting.delete(id);
          // It may work on for ever on what nobody waits for.
          end(stream, () =>
            failureAnswer('worker-lost', `${name} was ended: another of its tasks took too long`),
          );
        };
        if (deadline.signal.aborted) return onAbort();
        deadline.signal.addEventListener('abort', onAbort, { once: true });
        const task = `${JSON.stringify({ id, task: taskJson(order, work) })}\n`;
        if (turn === undefined) stream.child.write(task);
        else void tellTurn(turn, { line: stream.line, begins: true }).then(() => stream.child.write(task));
      });
      if (turn) await tellTurn(turn, { line: stream.line, begins: false });
      stream.isTaken = false;
      const said = log.text();
      const undeclared = stream.reads.undeclared(harness.code);
      return {
        answer,
        turns: null,
        heldSince: stream.since,
        ...(said === undefined ? {} : { log: said }),
        ...(undeclared.length === 0 ? {} : { undeclared }),
      };
    },
    async close() {
      const all = [...byHarness.values()].flatMap((one) => [...one]);
      for (const { child } of all) child.endInput();
      let stopTimer = (): void => {};
      const bound = new Promise<void>((resolve) => {
        stopTimer = clock.after(CLOSE_MS, resolve);
      });
      await Promise.race([Promise.all(all.map(({ child }) => child.ended)), bound]);
      stopTimer();
      for (const { child } of all) child.kill();
      await Promise.all(all.map(({ child }) => child.ended));
    },
  };
}

/** Whoever waits for this program is told why it will not answer. */
function end(stream: Stream, why: () => ClientAnswer): void {
  if (!stream.isOver) stream.child.kill();
  stream.isOver = true;
  for (const { settle } of stream.waiting.values()) settle(why());
  stream.waiting.clear();
}

function take(stream: Stream, { text, name }: { readonly text: string; readonly name: string }): void {
  if (text.trim() === '' || stream.isOver) return;
  const line = parsed(text);
  const waiting =
    line &&
    (typeof line.id === 'string' || typeof line.id === 'number') &&
    stream.waiting.get(String(line.id));
  if (!line || (!waiting && line.log === undefined)) {
    // Once a line is not understood, none after it can be trusted.
    const what = line ? 'an answer to nothing that was asked' : `no JSON: ${text.slice(0, 200)}`;
    end(stream, () => failureAnswer('broken-output', `${name} printed ${what}`));
    return;
  }
  if (typeof line.log === 'string') {
    for (const { log } of waiting ? [waiting] : stream.waiting.values()) log.add(`${line.log}\n`);
  }
  if (!waiting || (line.result === undefined && line.error === undefined)) return;
  stream.hasAnswered = true;
  stream.waiting.delete(String(line.id));
  waiting.settle(readAnswer(line.error === undefined ? line.result : { error: line.error }, name, waiting));
}

function parsed(text: string): JsonObject | null {
  const value = parseTold(text);
  return isJsonObject(value) ? value : null;
}
