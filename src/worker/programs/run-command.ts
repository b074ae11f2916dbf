// One attempt by a program: a process of its own (once), or a line to one that stays (stream).
import type { Clock } from '../../core/clock.ts';
import type { Env } from '../../core/env.ts';
import type { CallGate } from '../../core/gate.ts';
import type { CommandHarness, HarnessOrder } from '../../core/harness.ts';
import type { Order } from '../../core/order.ts';
import { routeUrls, withProxy } from '../../core/proxy.ts';
import { openReads } from '../../providers/reads.ts';
import { startProcess, strictEnv } from '../../providers/spawn.ts';
import type { Attempted } from '../attempt.ts';
import { startDeadline } from '../deadline.ts';
import { makeLog } from '../log.ts';
import { badEnding, failureAnswer, lastJson, nameOf, readAnswer, UNTOLD } from './program-answer.ts';
import { taskJson } from './task-json.ts';

export type CommandInput = {
  readonly order: Order;
  readonly gate: CallGate;
  readonly work: HarnessOrder;
  /** The manifest's, absolute; programs start here. */
  readonly folder: string;
  readonly signal: AbortSignal | null;
  readonly clock: Clock;
  readonly env: Env;
};

/** No answer of a model comes near it; without a bound one program could take the memory of all. */
export const MAX_OUTPUT_CHARS: number = 16 * 1024 * 1024;

/** A process for this attempt alone. */
export async function runOnce(input: CommandInput): Promise<Attempted> {
  const { order, work, folder } = input;
  const harness = work.harness as CommandHarness;
  const name = nameOf(harness.argv);
  const log = makeLog();
  let output = '';
  let tooMuch = false;
  using reads = openReads(folder);
  const { proxy } = work;
  const given = strictEnv(input.env, harness.env, folder);
  const env = proxy === undefined ? given : withProxy(given, routeUrls(proxy));
  const child = startProcess({
    argv: harness.argv,
    cwd: folder,
    env: reads.env(env),
    onErrors: log.add,
    onOutput(text) {
      tooMuch ||= output.length + text.length > MAX_OUTPUT_CHARS;
      if (tooMuch) child.kill();
      else output += text;
    },
  });
  using deadline = startDeadline({ timeoutMs: order.timeoutMs, cancel: input.signal, clock: input.clock });
  deadline.signal.addEventListener('abort', child.kill, { once: true });
  input.gate.whenWaiting?.((isWaiting) => (isWaiting ? deadline.pause() : deadline.resume()));
  if (deadline.signal.aborted) child.kill();
  child.write(`${JSON.stringify(taskJson(order, work))}\n`);
  child.endInput();
  const ending = await child.ended;
  const said = log.text();
  const undeclared = reads.undeclared(harness.code);
  const rest = {
    turns: null,
    ...(said === undefined ? {} : { log: said }),
    ...(undeclared.length === 0 ? {} : { undeclared }),
  };
  if (deadline.signal.aborted) return { ...rest, answer: cutOff(deadline.signal, { name, order }) };
  if (tooMuch) return { ...rest, answer: failureAnswer('broken-output', `${name} ${TOO_MUCH}`) };
  const bad = badEnding({ name, ending, errors: said ?? '' });
  if (bad) return { ...rest, answer: bad };
  const value = lastJson(output);
  if (value !== undefined)
    return { ...rest, answer: readAnswer(value, name, { score: order.score, isSeen: proxy !== undefined }) };
  // What was asked and answered is known without a word of it.
  if (proxy !== undefined) return { ...rest, answer: UNTOLD };
  const came = output.trim() === '' ? 'nothing' : `no JSON: ${output.trim().slice(0, 200)}`;
  return { ...rest, answer: failureAnswer('broken-output', `${name} printed ${came}`) };
}

export const TOO_MUCH: string = `wrote more than ${MAX_OUTPUT_CHARS / 1024 / 1024} MB: cut off`;

export function cutOff(
  signal: AbortSignal,
  { name, order }: { readonly name: string; readonly order: Order },
): Attempted['answer'] {
  const isTimeout = (signal.reason as Error | undefined)?.name === 'TimeoutError';
  if (!isTimeout) return { kind: 'cancelled' };
  const message = `${name} was not done in ${order.timeoutMs / 1000} s (execution.timeout)`;
  return failureAnswer('code-timeout', message);
}
