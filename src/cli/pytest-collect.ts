// Asks pytest what it would run: its own collection, with the plugin telling each item. Nothing of the tests is run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { startLimit } from '../core/limit.ts';
import { startProcess, strictEnv } from '../providers/spawn.ts';
import { makePluginLines } from '../worker/plugin-lines.ts';
import { PLUGIN_FOLDER } from '../worker/pytest-batch.ts';
import { CommandError } from './exit.ts';
import type { Io } from './io.ts';
import { withPrograms } from './signals.ts';

export type VariantsFrom = { readonly kind: 'param' | 'marker' | 'env'; readonly name: string };

/** As the plugin describes it; texts of the tests, so anybody's. */
export type PytestItem = {
  readonly nodeid: string;
  readonly params: { readonly [name: string]: { readonly id: string; readonly value: Json } };
  readonly markers: readonly { readonly name: string; readonly args: readonly unknown[] }[];
  readonly variant: string | null;
  readonly scenario: string;
  readonly input: string | null;
  readonly category: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly doc: string | null;
};

export type Collected = {
  readonly items: readonly PytestItem[];
  /** Names of variables that the harness's code reads from the environment. */
  readonly environ: readonly string[];
  /** Packages that it imports, by the first part of their names. */
  readonly imports: readonly string[];
};

const TIMEOUT_MS = 120_000;

export type CollectInput = {
  readonly io: Io;
  /** Absolute; pytest starts here. */
  readonly folder: string;
  /** Files and folders; none = where pytest itself looks. */
  readonly tests: readonly string[];
  readonly python: string;
  readonly from: VariantsFrom;
  /** Variables that the manifest sets. */
  readonly set?: { readonly [name: string]: string };
};

/** @throws CommandError with pytest's own words where it cannot collect */
export function collectItems(of: CollectInput): Promise<Collected> {
  return withPrograms(of.io, (signal) => collect({ ...of, signal }));
}

async function collect(of: CollectInput & { readonly signal: AbortSignal }): Promise<Collected> {
  const { io, tests, python } = of;
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'expgraph-pytest-'));
  const job = path.join(scratch, 'job.json');
  writeFileSync(job, JSON.stringify({ v: 1, mode: 'collect', variants_from: of.from, cells: [] }));
  const items: PytestItem[] = [];
  const names = { environ: [] as readonly string[], imports: [] as readonly string[] };
  const problems: string[] = [];
  let printed = '';
  const keep = (text: string): void => {
    printed = (printed + text).slice(-4_000);
  };
  // Everything of the environment: harnesses ask for keys while they are imported, and nothing of it is kept.
  const own = of.set?.PYTHONPATH ?? io.env.PYTHONPATH;
  const searched = own ? `${PLUGIN_FOLDER}${path.delimiter}${own}` : PLUGIN_FOLDER;
  const set = { ...of.set, PYTHONPATH: searched };
  const env = strictEnv(io.env, { set, pass: Object.keys(io.env) });
  const child = startProcess({
    argv: [python, '-m', 'pytest', '--collect-only', '-q', '-p', 'expgraph_pytest', ...tests],
    cwd: of.folder,
    env: { ...env, EXPGRAPH_FD: '3', EXPGRAPH_JOB: job },
    onOutput: keep,
    onErrors: keep,
    signal: of.signal,
    onNews: makePluginLines(take),
  });
  function take(line: JsonObject): void {
    const item = line.type === 'item' ? readItem(line) : null;
    if (item !== null) items.push(item);
    if (line.type === 'modules') {
      names.environ = textsOf(line.environ);
      names.imports = textsOf(line.imports);
    }
    if (line.type === 'problem' && typeof line.message === 'string') problems.push(line.message);
  }
  // Its input stays open: at its end the plugin would take us for gone, and stop.
  const limit = startLimit(io.clock, TIMEOUT_MS, child.kill);
  const { problem, exitCode } = await child.ended;
  limit.cancel();
  rmSync(scratch, { recursive: true, force: true });
  if (problems.length > 0) throw new CommandError(`pytest could not collect: ${problems[0]}`);
  if (problem !== null || (exitCode !== 0 && exitCode !== 5)) {
    const words = printed.trim().split('\n').slice(-3).join(' ');
    throw new CommandError(`${python} -m pytest could not collect ${tests.join(' ')}: ${problem ?? words}`);
  }
  return { items, ...names };
}

/** null: no item can be told from it. Texts go into files of the user's: they are whole characters. */
function readItem(line: JsonObject): PytestItem | null {
  const text = (value: Json | undefined): string | null =>
    typeof value === 'string' ? value.toWellFormed() : null;
  const nodeid = text(line.nodeid);
  const scenario = text(line.scenario);
  if (nodeid === null || scenario === null) return null;
  const params = Object.entries(isJsonObject(line.params) ? line.params : {}).flatMap(([name, param]) => {
    const id = isJsonObject(param) ? text(param.id) : null;
    const value = isJsonObject(param) ? (param.value ?? null) : null;
    return id === null ? [] : [[name.toWellFormed(), { id, value }] as const];
  });
  const markers = (Array.isArray(line.markers) ? (line.markers as readonly Json[]) : []).flatMap((mark) => {
    const name = isJsonObject(mark) ? text(mark.name) : null;
    const args = isJsonObject(mark) && Array.isArray(mark.args) ? (mark.args as readonly Json[]) : [];
    return name === null ? [] : [{ name, args }];
  });
  return {
    ...{ nodeid, scenario, markers, params: Object.fromEntries(params) },
    ...{ variant: text(line.variant), input: text(line.input) },
    ...{ category: text(line.category), description: text(line.description), tags: textsOf(line.tags) },
    doc: text(line.doc),
  };
}

function textsOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  return list.flatMap((one) => (typeof one === 'string' ? [one.toWellFormed()] : []));
}
