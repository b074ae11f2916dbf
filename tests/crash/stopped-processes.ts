// SIGSTOP, SIGCONT, SIGHUP and SIGTERM at random moments of the real program, from its preparation to its end, over a server
// that counts what it delivered and programs that write down that they lived.
import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { isGone } from '../rig/appears.ts';
import { tail, writeFiles } from '../rig/files.ts';
import { withFolder } from '../rig/folder.ts';
import { chatAnswer } from '../rig/model-calls.ts';
import { program, startProgram } from '../rig/program.ts';
import type { Row } from '../rig/row.ts';
import { recordsByKey } from '../rig/small-experiment.ts';

/** Most of the time is spent stopped. */
const AT_ONCE = 3;
const SCENARIOS = 24;
const TIMEOUT_S = 3;
/** One stop in seven is longer than an attempt may take. */
const LONG_SHARE = 1 / 7;
const LONG_MS = { least: TIMEOUT_S * 1000 + 300, more: 1_500 };
const SHORT_MS = { least: 0, more: 250 };
const LATENCY_MS = 40;

export const row: Row = {
  name: 'stopped-processes',
  how: 'SIGSTOP for up to half again an attempt\u2019s limit, SIGCONT, then SIGHUP and SIGTERM, one to three of them, at random moments of the real program (preparation, calls, programs); then it is run to its end',
  holds:
    'each answer that the server or a program delivered is in a record, as its first attempt, and was asked for once; when the program has ended, whatever it started is gone and its lock is free; it ends with 0 or 130',
  full: 60,
  unit: 'stops',
  seconds: 60,
  async run({ count, random, isOver }) {
    const total = { stops: 0, long: 0, signals: 0, answers: 0, children: 0 };
    const oneAfterAnother = async (): Promise<void> => {
      while (total.stops < count && !isOver()) {
        const mayStop = (): boolean => total.stops < count && !isOver();
        await withFolder((cwd) => stopOneExperiment({ cwd, random, total, mayStop }));
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, oneAfterAnother));
    const { stops, long, signals, answers, children } = total;
    return {
      tried: stops,
      seen: `${long} stops longer than the limit, ${signals} signals; ${answers} answers delivered, 0 lost, 0 asked for twice; ${children} programs, all gone`,
    };
  },
};

/** Writes its number down, works for a moment in a child of its own, and is done. */
const STEP = `echo $$ >> pids; sleep 0.2; mkdir -p out; echo made > out/it`;
const PROGRAM = `read task; echo $$ >> pids; sleep 0.0$((RANDOM % 9)); echo answered >> told; echo '{"text": "told"}'`;

function manifest(url: string): string {
  return `version: 1
name: small
provider: held
model: m
scenarios: [scenarios.jsonl]
providers: { held: { type: openai, base_url: "${url}" } }
prepare: [{ command: [bash, -c, '${STEP}'], inputs: [in.txt], outputs: ["out/*"] }]
variants:
  asked: {}
  told: { command: [bash, -c, ${JSON.stringify(PROGRAM)}] }
execution: { concurrency: 6, workers: 1, timeout: ${TIMEOUT_S}s }
`;
}

async function stopOneExperiment(at: {
  readonly cwd: string;
  readonly random: () => number;
  readonly total: { stops: number; long: number; signals: number; answers: number; children: number };
  readonly mayStop: () => boolean;
}): Promise<void> {
  const { cwd, random, total } = at;
  await using server = await startServer();
  const scenarios = Array.from({ length: SCENARIOS }, (_, i) =>
    JSON.stringify({ id: `s${i}`, input: `say ${i}` }),
  );
  writeFiles(cwd, {
    'experiment.yaml': manifest(server.url),
    'scenarios.jsonl': `${scenarios.join('\n')}\n`,
    'in.txt': '0',
  });
  const env = { OPENAI_API_KEY: 'sk-test' };
  for (let n = 1; at.mayStop(); n++) {
    total.stops++;
    // The step runs each time, and makes the same: no key moves.
    writeFileSync(path.join(cwd, 'in.txt'), String(n));
    const { child, ended } = startProgram(['run'], { cwd, env });
    const disturbed = disturb({ child, random, total });
    const { code, signal, stderr } = await ended;
    disturbed.end();
    // A signal before anybody listens ends a program that has not begun.
    assert(signal !== null || code === 0 || code === 130, `exit ${code}: ${tail(stderr)}`);
    assertGone(cwd);
    if (code === 0) break;
  }
  const rest = await program(['run'], { cwd, env });
  assert.equal(rest.code, 0, tail(rest.stderr));
  const pids = assertGone(cwd);
  const records = [...recordsByKey(cwd).values()].flat().map((line) => JSON.parse(line) as Line);
  assert.equal(records.length, 2 * SCENARIOS);
  for (const { status, attempts, variant } of records)
    assert.deepEqual([status, attempts.length], ['completed', 1], `${variant}: ${JSON.stringify(attempts)}`);
  assert.equal(server.asked(), SCENARIOS, 'an answer that was delivered was asked for again');
  const told = readFileSync(path.join(cwd, 'told'), 'utf8').split('\n').length - 1;
  assert.equal(told, SCENARIOS, 'a program that had answered was started again');
  total.answers += records.length;
  total.children += pids;
}

type Line = { readonly status: string; readonly variant: string; readonly attempts: readonly unknown[] };

/** What a program started has ended before it. @returns how many there were */
function assertGone(cwd: string): number {
  const file = path.join(cwd, 'pids');
  if (!existsSync(file)) return 0;
  const pids = readFileSync(file, 'utf8').trim().split('\n').map(Number);
  for (const pid of pids) assert(isGone(pid), `process ${pid} outlived the program that started it`);
  return pids.length;
}

/** Stops and continues it once, then sends signals that ask for an end. */
function disturb(of: {
  readonly child: ChildProcess;
  readonly random: () => number;
  readonly total: { long: number; signals: number };
}): { end(): void } {
  const { child, random, total } = of;
  let timer: NodeJS.Timeout | null = null;
  const later = (ms: number, action: () => void): void => {
    timer = setTimeout(action, ms);
  };
  const isLong = random() < LONG_SHARE;
  const { least, more } = isLong ? LONG_MS : SHORT_MS;
  if (isLong) total.long++;
  const stoppedMs = least + random() * more;
  const untilStopMs = random() * 900;
  const untilSignalMs = random() * 300;
  const signals = Array.from({ length: 1 + Math.floor(random() * 3) }, () =>
    random() < 0.5 ? ('SIGHUP' as const) : ('SIGTERM' as const),
  );
  const send = (n: number): void => {
    const signal = signals[n];
    if (signal === undefined) return;
    total.signals++;
    child.kill(signal);
    later(5, () => send(n + 1));
  };
  later(untilStopMs, () => {
    child.kill('SIGSTOP');
    later(stoppedMs, () => {
      child.kill('SIGCONT');
      later(untilSignalMs, () => send(0));
    });
  });
  return {
    end() {
      if (timer) clearTimeout(timer);
    },
  };
}

/** Answers each request after a moment, whatever the other side does meanwhile. */
async function startServer(): Promise<
  AsyncDisposable & { readonly url: string; readonly asked: () => number }
> {
  let asked = 0;
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      asked++;
      setTimeout(() => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(chatAnswer('told')));
      }, LATENCY_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked: () => asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
