// Asks pytest what it would run: its own collection, with the plugin telling each item. Nothing of the tests is run.
import path from 'node:path';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { strictEnv } from '../../providers/spawn.ts';
import { PLUGIN_FOLDER } from '../../worker/pytest/pytest-job.ts';
import { askPytest } from './pytest-ask.ts';
import type { World } from './world.ts';

export type VariantsFrom = { readonly kind: 'param' | 'marker' | 'env'; readonly name: string };

/** As the plugin describes it; texts of the tests, so anybody's. */
export type PytestItem = {
  readonly nodeid: string;
  readonly params: { readonly [name: string]: { readonly id: string; readonly value: Json } };
  readonly markers: readonly { readonly name: string; readonly args: readonly unknown[] }[];
  readonly variant: string | null;
  /** The parameter that counts its runs, if one does. */
  readonly runParam: string | null;
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

export type CollectInput = {
  readonly io: World;
  /** Absolute; pytest starts here. */
  readonly folder: string;
  /** Files and folders; none = where pytest itself looks. */
  readonly tests: readonly string[];
  readonly python: string;
  readonly from: VariantsFrom;
  /** Variables that the manifest sets. */
  /** The parameter that counts runs; `auto` = one that is called so. Neither: those of pytest-repeat alone. */
  readonly runsFrom?: string;
  readonly set?: { readonly [name: string]: string };
};

/** @throws CommandError with pytest's own words where it cannot collect */
export function collectItems(input: CollectInput): Promise<Collected> {
  return input.io.interrupts.whilePrograms((signal) => collect({ ...input, signal }));
}

async function collect(input: CollectInput & { readonly signal: AbortSignal }): Promise<Collected> {
  const { io, folder, tests, python, signal } = input;
  // Everything of the environment: harnesses ask for keys while they are imported, and nothing of it is kept.
  const own = input.set?.PYTHONPATH ?? io.env.PYTHONPATH;
  const searched = own ? `${PLUGIN_FOLDER}${path.delimiter}${own}` : PLUGIN_FOLDER;
  const set = { ...input.set, PYTHONPATH: searched };
  const lines = await askPytest({
    io,
    folder,
    python,
    words: tests,
    signal,
    env: strictEnv(io.env, { set, pass: Object.keys(io.env) }),
    job: { variants_from: input.from, runs_from: input.runsFrom ?? null },
  });
  const modules = lines.find(({ type }) => type === 'modules');
  return {
    items: lines.filter(({ deselected }) => deselected !== true).flatMap((line) => readItem(line) ?? []),
    environ: textsOf(modules?.environ),
    imports: textsOf(modules?.imports),
  };
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
    nodeid,
    scenario,
    markers,
    params: Object.fromEntries(params),
    variant: text(line.variant),
    runParam: text(line.run_param),
    input: text(line.input),
    category: text(line.category),
    description: text(line.description),
    tags: textsOf(line.tags),
    doc: text(line.doc),
  };
}

function textsOf(value: Json | undefined): readonly string[] {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [];
  return list.flatMap((one) => (typeof one === 'string' ? [one.toWellFormed()] : []));
}
