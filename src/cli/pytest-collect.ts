// Asks pytest what it would run: its own collection, with the plugin telling each item. Nothing of the tests is run.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { strictEnv } from '../providers/spawn.ts';
import { PLUGIN_FOLDER } from '../worker/pytest-batch.ts';
import type { Io } from './io.ts';
import { askPytest } from './pytest-ask.ts';
import { withPrograms } from './signals.ts';

export type VariantsFrom = { readonly kind: 'param' | 'marker' | 'env'; readonly name: string };

/** As the plugin describes it; texts of the tests, so anybody's. */
export type PytestItem = {
  readonly nodeid: string;
  readonly params: { readonly [name: string]: { readonly id: string } };
  readonly markers: readonly { readonly name: string; readonly args: readonly unknown[] }[];
  readonly variant: string | null;
  readonly scenario: string;
  readonly input: string | null;
  readonly category: string | null;
  readonly doc: string | null;
};

export type CollectInput = {
  readonly io: Io;
  /** Absolute; pytest starts here. */
  readonly folder: string;
  readonly tests: string;
  readonly python: string;
  readonly from: VariantsFrom;
};

/** @throws CommandError with pytest's own words where it cannot collect */
export function collectItems(of: CollectInput): Promise<readonly PytestItem[]> {
  return withPrograms(of.io, (signal) => collect({ ...of, signal }));
}

async function collect(of: CollectInput & { readonly signal: AbortSignal }): Promise<readonly PytestItem[]> {
  const { io, folder, tests, python, signal } = of;
  // Everything of the environment: harnesses ask for keys while they are imported, and nothing of it is kept.
  const env = strictEnv(io.env, { set: { PYTHONPATH: PLUGIN_FOLDER }, pass: Object.keys(io.env) });
  const lines = await askPytest({
    ...{ io, folder, python, words: [tests], env, signal },
    job: { variants_from: of.from },
  });
  return lines.filter(({ deselected }) => deselected !== true).flatMap((line) => readItem(line) ?? []);
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
    return id === null ? [] : [[name.toWellFormed(), { id }] as const];
  });
  const markers = (Array.isArray(line.markers) ? (line.markers as readonly Json[]) : []).flatMap((mark) => {
    const name = isJsonObject(mark) ? text(mark.name) : null;
    const args = isJsonObject(mark) && Array.isArray(mark.args) ? (mark.args as readonly Json[]) : [];
    return name === null ? [] : [{ name, args }];
  });
  return {
    ...{ nodeid, scenario, markers, params: Object.fromEntries(params) },
    ...{ variant: text(line.variant), input: text(line.input) },
    ...{ category: text(line.category), doc: text(line.doc) },
  };
}
