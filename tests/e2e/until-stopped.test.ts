// `until:` with the real program, killed, interrupted and out of time: the next `run` goes on where it was, and comes to the same.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunSummary } from '../../src/core/summary.ts';
import { cli } from '../rig/cli.ts';
import type { Ended } from '../rig/program.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';
import { NOISY, writeUntil } from '../rig/until-experiment.ts';

let folder = '';

async function runToEnd(cwd: string): Promise<RunSummary> {
  return JSON.parse((await cli(['run', '--json'], { cwd })).stdout) as RunSummary;
}

const historyOf = (): string => path.join(folder, 'artifacts/made/history');
const invocations = (): readonly string[] => readdirSync(historyOf()).sort();

/** Keys of the records that are kept whole; a torn tail is none. */
function keptIn(invocation: string): readonly string[] {
  const at = path.join(historyOf(), invocation);
  return readdirSync(at)
    .filter((name) => /_run\d+\.jsonl$/.test(name))
    .flatMap((name) => readFileSync(path.join(at, name), 'utf8').split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as { readonly type: string; readonly key: string })
    .flatMap(({ type, key }) => (type === 'scenario_result' ? key : []));
}

const kept = (): readonly string[] => invocations().flatMap(keptIn);

/** @param isThere is asked again and again, of what was told so far; then the signal is sent once */
async function stoppedBy(
  signal: 'SIGKILL' | 'SIGINT',
  isThere: (told: string) => boolean,
  ...more: string[]
): Promise<Ended> {
  const { child, ended } = startCli(['run', '--json', ...more], { cwd: folder });
  let told = '';
  child.stderr!.on('data', (text: string) => {
    told += text;
  });
  const looking = setInterval(() => {
    if (!isThere(told)) return;
    clearInterval(looking);
    child.kill(signal);
  }, 5);
  try {
    return await ended;
  } finally {
    clearInterval(looking);
  }
}

const isBetween = (told: string): boolean => told.includes('run 3 is drawn');
const isWithin = (told: string): boolean =>
  isBetween(told) && invocations().length > 1 && keptIn(invocations()[1]!).length > 4;

async function neverStopped(): Promise<RunSummary> {
  const other = tempFolder();
  writeUntil(other, NOISY);
  return await runToEnd(other);
}

/** Drawn twice is drawn for nothing: each cell has one record, and the looks are those of a run that nobody stopped. */
async function goesOn(before: readonly string[]): Promise<void> {
  const [whole, end] = [await neverStopped(), await runToEnd(folder)];
  expect(end.until).toEqual(whole.until);
  expect(end.how).toBe('complete');
  const all = kept();
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBe(whole.executed);
  expect(all).toEqual(expect.arrayContaining([...before]));
  expect((await cli(['fsck'], { cwd: folder })).code).toBe(0);
}

beforeEach(() => {
  folder = tempFolder();
  writeUntil(folder, { ...NOISY, latencyMs: 60 });
});

describe('until that is stopped', { timeout: 180_000 }, () => {
  it.each([
    ['between two of its runs', isBetween],
    ['within a further run', isWithin],
  ])('goes on after kill -9 %s, draws nothing twice, and comes to the same', async (_, isThere) => {
    const { code } = await stoppedBy('SIGKILL', isThere);
    expect(code).toBeNull();
    const before = kept();
    expect(before.length).toBeGreaterThanOrEqual(64);
    await goesOn(before);
  });

  it('ends at Ctrl-C in a further run, begins no other, and goes on from there', async () => {
    const { code, stdout } = await stoppedBy('SIGINT', isBetween);
    expect([code, (JSON.parse(stdout) as RunSummary).how]).toEqual([130, 'interrupted']);
    expect(invocations().length).toBeLessThanOrEqual(2);
    await goesOn(kept());
  });

  it('has one deadline for all of its runs together', async () => {
    // A stage is over in half of that time, and all of them are not: 64 and then 32 answers, four at once.
    const wanted = { until: '{ half_width: 0.25, max_runs: 6 }', arms: { a: 0.5, b: 0.5 } };
    writeUntil(folder, { ...wanted, latencyMs: 200 });
    const { code, stdout } = await cli(['run', '--json', '--deadline', '7s'], { cwd: folder });
    const ended = JSON.parse(stdout) as RunSummary;
    expect([code, ended.how, ended.why]).toEqual([
      3,
      'deadline-reached',
      expect.stringContaining('--deadline 7s reached'),
    ]);
    const end = await runToEnd(folder);
    expect(end.executed + ended.executed).toBe(end.until!.questions[0]!.runs * 32);
    const all = kept();
    expect(new Set(all).size).toBe(all.length);
  });
});
