// `prepare:`: steps that run before the tasks. What they read and what is there of what they make, by digest.

import path from 'node:path';
import type { CodeFile, PrepareStep } from '../../core/harness.ts';
import { makeCodeReader } from '../code/code.ts';
import { findMatches, globProblem } from '../documents/files.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { readDuration } from './execution.ts';
import { envOf } from './harness.ts';
import { digestOfFile } from './inputs.ts';

const DEFAULT_TIMEOUT_MS = 600_000;

export async function readPrepare(reading: Reading): Promise<readonly PrepareStep[]> {
  const steps: PrepareStep[] = [];
  for (const [n, raw] of (reading.raw.prepare ?? []).entries()) {
    const at = ['prepare', n];
    const code = makeCodeReader(reading, raw.inputs);
    steps.push({
      argv: raw.command,
      env: envOf(raw),
      timeoutMs:
        raw.timeout === undefined
          ? DEFAULT_TIMEOUT_MS
          : (readDuration(reading, { written: raw.timeout, path: [...at, 'timeout'] }) ?? DEFAULT_TIMEOUT_MS),
      inputs: await filesOf(reading, { patterns: raw.inputs ?? [], at: [...at, 'inputs'], mayBeNone: false }),
      outputs: raw.outputs,
      made: await filesOf(reading, { patterns: raw.outputs, at: [...at, 'outputs'], mayBeNone: true }),
      code: await code.command({ argv: raw.command, env: envOf(raw) }),
    });
  }
  return steps;
}

async function filesOf(
  reading: Reading,
  input: { readonly patterns: readonly string[]; readonly at: JsonPath; readonly mayBeNone: boolean },
): Promise<readonly CodeFile[]> {
  const { folder } = reading;
  for (const [n, pattern] of input.patterns.entries()) {
    const problem = globProblem(pattern);
    if (problem)
      say(reading, { path: [...input.at, n], code: 'bad-glob', message: `this pattern ${problem}` });
  }
  const matches = await findMatches({ patterns: input.patterns, folder });
  for (const { pattern, found } of matches) {
    if (found || input.mayBeNone) continue;
    say(reading, { path: [...input.at, pattern], code: 'empty-glob', message: 'no file matches' });
  }
  const files = matches.flatMap(({ paths }) => paths).sort();
  return files.map((file) => ({ path: file, digest: digestOfFile(path.join(folder, file)) }));
}
