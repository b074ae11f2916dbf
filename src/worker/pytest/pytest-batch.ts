// One pytest process for many cells. Its plugin (python/expgraph_pytest.py) tells the moment each item begins and ends over
// a pipe of its own; what ended is an outcome at once, whatever becomes of the process.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import type { CallGate } from '../../core/gate.ts';
import type { PytestHarness } from '../../core/harness.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Order } from '../../core/order.ts';
import { openReads } from '../../providers/reads.ts';
import { startProcess } from '../../providers/spawn.ts';
import type { Attempted } from '../attempt.ts';
import { startDeadline } from '../deadline.ts';
import { makeLog } from '../log.ts';
import { failureAnswer } from '../programs/program-answer.ts';
import { makeCollected } from './collected-lines.ts';
import { makePluginLines, readItemEnd, readTraceTold } from './plugin-lines.ts';
import { makeEnding } from './pytest-ending.ts';
import type { ItemEnd } from './pytest-item.ts';
import { argvOf, jobOf, pytestEnv, recordedEnv, variantOf } from './pytest-job.ts';
import { attemptFrom, foundLessons, namesOf } from './pytest-settled.ts';
import { startSpool } from './pytest-spool.ts';
import type { WrittenLine } from './written-lines.ts';

export type BatchCell = {
  readonly order: Order;
  readonly begin: () => void;
  /** Its test is done; what its harness writes of it is still to come. */
  readonly waits: () => void;
  readonly settle: (attempted: Attempted) => void;
  /** Only where its clients are recorded. */
  readonly whenWaiting?: CallGate['whenWaiting'];
};

export type Batch = {
  /** Items that have not begun will not begin. */
  stop(): void;
  kill(): void;
  /** Cells that never began: they may go into another batch. `problem` says why none of them did. */
  readonly ended: Promise<{ readonly left: readonly BatchCell[]; readonly problem: string | null }>;
};

/** Of all batches: each process has a name at the recording proxy. */
let lastLine = 0;

type Running = {
  readonly cell: BatchCell;
  begun: boolean;
  end: ItemEnd | null;
  /** Its place among those that have ended. */
  endedAs: number | null;
  stopTimer: () => void;
  /** What the harness traces by itself. */
  traced: Pick<Attempted, 'traceMs' | 'beside'>;
};

export function runBatch(input: {
  readonly cells: readonly BatchCell[];
  readonly harness: PytestHarness;
  /** Absolute; pytest starts here. */
  readonly folder: string;
  readonly env: Env;
  readonly clock: Clock;
  /** Where what its tests tell is kept until it has records; null = nowhere. */
  readonly spools: string | null;
  /** Told when its own end keeps whoever waits for it, and when that is over (null). */
  readonly waiting: (what: { readonly what: string; readonly limitMs: number } | null) => void;
}): Batch {
  const { harness, folder } = input;
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'expgraph-pytest-'));
  const job = path.join(scratch, 'job.json');
  writeFileSync(job, JSON.stringify(jobOf(input)));
  const running = new Map<string, Running>(
    input.cells.map((cell, n) => [
      String(n),
      { cell, begun: false, end: null, endedAs: null, stopTimer: () => {}, traced: {} },
    ]),
  );
  const printed = makeLog();
  const problems: string[] = [];
  const reads = openReads(folder);
  const cells = input.cells.map(({ order }) => ({ variant: variantOf(order), run: order.cell.run }));
  const collected = makeCollected({ harness, cells, folder, opened: reads.opened });
  const proxy = input.cells[0]?.order.work?.proxy;
  const line = proxy && `pytest-${++lastLine}`;
  const given = pytestEnv(harness, input.env, folder);
  const spool =
    input.spools === null
      ? {}
      : startSpool({ spools: input.spools, harness, folder, cells, reads: reads.file });
  const env = { ...reads.env(proxy && line ? recordedEnv(given, { proxy, line }) : given), ...spool };
  let lastEnd = 0;
  const child = startProcess({
    argv: argvOf(harness),
    cwd: folder,
    env: { ...env, EXPGRAPH_FD: '3', EXPGRAPH_JOB: job },
    onOutput: printed.add,
    onErrors: printed.add,
    onNews: makePluginLines(take),
  });
  let isStopping = false;
  const limitMs = harness.endTimeoutMs;
  const ending = makeEnding({
    clock: input.clock,
    limitMs,
    idleMs: Math.max(limitMs, input.cells[0]?.order.timeoutMs ?? 0),
    interrupt: child.interrupt,
    kill: child.kill,
    waiting: (isWaiting) => input.waiting(isWaiting ? { what: 'pytest to end', limitMs } : null),
  });

  function look(): void {
    const all = [...running.values()];
    ending.look({
      isUnderWay: all.some(({ begun, end }) => begun && end === null),
      mayBegin: !isStopping && all.some(({ begun }) => !begun),
    });
  }

  function take(line: JsonObject): void {
    const found = typeof line.id === 'string' ? running.get(line.id) : undefined;
    switch (line.type) {
      case 'start':
        if (found && !found.begun) begin(found);
        break;
      case 'end':
        if (found) ended(found, readItemEnd(line, input.clock.now().getTime()));
        break;
      case 'trace':
        if (found) found.traced = { ...found.traced, ...readTraceTold(line) };
        break;
      case 'unmatched':
        for (const id of Array.isArray(line.ids) ? (line.ids as readonly Json[]) : []) {
          const cell = typeof id === 'string' ? running.get(id) : undefined;
          if (cell)
            settle(id as string, cell, {
              answer: noItem(cell.cell.order, { harness, problems }),
              turns: null,
            });
        }
        look();
        break;
      case 'problem':
        if (typeof line.message === 'string') problems.push(line.message);
        break;
    }
  }

  function begin(one: Running): void {
    const { order } = one.cell;
    one.begun = true;
    one.cell.begin();
    look();
    const limit = startDeadline({ timeoutMs: order.timeoutMs, cancel: null, clock: input.clock });
    const onOver = (): void => {
      const message = `the test was not done in ${order.timeoutMs / 1000} s (execution.timeout): pytest was ended`;
      finish(one, { answer: failureAnswer('code-timeout', message), turns: null });
      isStopping = true;
      ending.cut();
    };
    limit.signal.addEventListener('abort', onOver, { once: true });
    let isDone = false;
    one.stopTimer = () => {
      isDone = true;
      limit.signal.removeEventListener('abort', onOver);
      limit[Symbol.dispose]();
    };
    // A call that waits for its lane is no time of the test.
    one.cell.whenWaiting?.((isWaiting) => {
      if (!isDone) isWaiting ? limit.pause() : limit.resume();
    });
  }

  function ended(one: Running, end: ItemEnd): void {
    one.stopTimer();
    one.end = end;
    one.endedAs = ++lastEnd;
    const line = collected.find(namesOf(one.cell.order, one.end), {
      isAlone: underWay() === 1,
      isOver: false,
    });
    // Its own lines may come at the very end; what is known by then is settled then.
    if (line === undefined && mayStillCome(one)) one.cell.waits();
    else finish(one, attemptOf(one, line));
    // Nobody's time runs between items and after them: an end that never comes would be waited for without a bound.
    look();
  }

  /** What it recorded, or its model was seen to answer, is waited for nowhere else. */
  function mayStillCome({ end, cell }: Running): boolean {
    if (end!.outcome === 'error' || cell.order.work!.proxy !== undefined) return false;
    if (collected.hasFiles()) return harness.collect !== null || end!.record === null;
    // What it printed may be its progress alone: files may still be written when the session ends.
    return end!.record === null;
  }

  function attemptOf(one: Running, line: WrittenLine | undefined): Attempted {
    return attemptFrom({ order: one.cell.order, end: one.end!, line, collected, harness });
  }

  function underWay(): number {
    return [...running.values()].filter(({ begun, end }) => begun && end === null).length + 1;
  }

  function finish(one: Running, attempted: Attempted): void {
    for (const [id, other] of running) if (other === one) settle(id, one, attempted);
  }

  function settle(id: string, one: Running, attempted: Attempted): void {
    one.stopTimer();
    running.delete(id);
    // Modules and fixtures are read once for all: what was read so far may be in this answer.
    const undeclared = reads.undeclared(harness.code, one.end?.reads);
    // With the last of them all files are known.
    const lessons = running.size > 0 ? [] : foundLessons(collected.found());
    one.cell.settle({
      ...attempted,
      ...one.traced,
      ...(undeclared.length === 0 ? {} : { undeclared }),
      ...(lessons.length === 0 ? {} : { lessons }),
    });
  }

  const whenEnded = child.ended.then(({ exitCode, signal, problem }) => {
    ending.over();
    rmSync(scratch, { recursive: true, force: true });
    const how = problem ?? (signal === null ? `exit code ${exitCode}` : signal);
    const why = `pytest ended (${how})`;
    const left: BatchCell[] = [];
    // Where lines name no run, they are of the runs in the order in which these ended.
    const inOrder = [...running].sort(([, a], [, b]) => (a.endedAs ?? 0) - (b.endedAs ?? 0));
    for (const [id, one] of inOrder) {
      if (one.end !== null)
        settle(
          id,
          one,
          attemptOf(one, collected.find(namesOf(one.cell.order, one.end), { isAlone: false, isOver: true })),
        );
      else if (one.begun) {
        const said = printed.text();
        const answer = failureAnswer('worker-lost', `${why} while the test was running`);
        settle(id, one, { answer, turns: null, ...(said === undefined ? {} : { log: said }) });
      } else left.push(one.cell);
    }
    reads.close();
    const reason = problems[0] ?? printed.text()?.trimEnd().split('\n').slice(-3).join(' ') ?? '';
    return { left, problem: `${why} before the test began: ${reason}` };
  });

  return {
    stop() {
      isStopping = true;
      child.write('stop\n');
      look();
    },
    kill: () => child.kill(),
    ended: whenEnded,
  };
}

function noItem(
  order: Order,
  input: { readonly harness: PytestHarness; readonly problems: readonly string[] },
): Attempted['answer'] {
  const { harness, problems } = input;
  if (problems.length > 0) return failureAnswer('code-failed', `pytest could not collect: ${problems[0]}`);
  const { kind, name } = harness.variantsFrom;
  const where = `${harness.paths.join(' ')}${harness.args.length === 0 ? '' : ` ${harness.args.join(' ')}`}`;
  const what = `variant ${JSON.stringify(variantOf(order))} (${kind} ${name}) and scenario ${JSON.stringify(order.cell.scenario)}`;
  return failureAnswer(
    'code-failed',
    `pytest collected no test of ${what} in ${where}; "npx expgraph init --from-pytest" lists what is there`,
  );
}
