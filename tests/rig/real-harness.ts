// The harness under tests/harnesses/scheduling at a place of its own, with its .venv and a model to ask: nothing in it
// knows of expgraph.
import { cpSync } from 'node:fs';
import path from 'node:path';
import { type BothWires, startBothWires } from './both-wires.ts';
import { cli } from './cli.ts';
import { filesBelow, jsonLines, ROOT } from './files.ts';
import type { Ended } from './program.ts';
import { copyEnv, HARNESS_PACKAGES, pythonEnv } from './python-env.ts';
import { tempFolder } from './temp.ts';

/** null = there can be no such environment here; that was said. */
export const HARNESS_ENV = await pythonEnv(HARNESS_PACKAGES);

export type RealHarness = AsyncDisposable & {
  readonly folder: string;
  readonly wires: BothWires;
  /** Of the environment that a user would have: keys and addresses of the model. */
  readonly env: { readonly [name: string]: string };
  run(...args: readonly string[]): Promise<Ended>;
  /** Its own interpreter, for what the user does without us. */
  readonly python: string;
  /** Every line of the view, metadata left out. */
  records(): readonly RealRecord[];
  /** How many calls the model was asked since the last time. */
  asked(): number;
};

// biome-ignore lint/suspicious/noExplicitAny: records are read as what they are on disk
export type RealRecord = any;

export async function startRealHarness(more: { readonly [name: string]: string } = {}): Promise<RealHarness> {
  const folder = tempFolder();
  cpSync(path.join(ROOT, 'tests/harnesses/scheduling'), folder, {
    recursive: true,
    filter: (file) => !file.includes('__pycache__'),
  });
  copyEnv(HARNESS_ENV!, path.join(folder, '.venv'));
  const wires = await startBothWires();
  const env = { ...wires.env, LANGSMITH_TEST_TRACKING: 'false', ...more };
  let seen = 0;
  return {
    ...{ folder, wires, env, python: path.join(folder, '.venv/bin/python') },
    run: (...args) => cli(args, { cwd: folder, env }),
    records: () => viewLines(folder),
    asked() {
      const before = seen;
      seen = wires.calls.length;
      return seen - before;
    },
    [Symbol.asyncDispose]: () => wires[Symbol.asyncDispose](),
  };
}

function viewLines(folder: string): readonly RealRecord[] {
  const runs = path.join(folder, 'artifacts');
  return viewFiles(folder).flatMap((file) => jsonLines(path.join(runs, file)).slice(1) as RealRecord[]);
}

/** Relative to artifacts/. */
export function viewFiles(folder: string): readonly string[] {
  return filesBelow(path.join(folder, 'artifacts')).filter((file) => /^[^/]+\/runs\/.+\.jsonl$/.test(file));
}
