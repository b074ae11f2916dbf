// What a pytest process is started with: its command line, its environment, and the job that its plugin reads.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Env } from '../../core/env.ts';
import type { PytestHarness } from '../../core/harness.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import type { Order } from '../../core/order.ts';
import { lineUrls, type ProxyOrder, withProxy } from '../../core/proxy.ts';
import { strictEnv } from '../../providers/spawn.ts';
import { taskJson } from '../programs/task-json.ts';

export const PLUGIN_FOLDER: string = fileURLToPath(new URL('../../../python/', import.meta.url));

export function argvOf({ python, paths, args }: PytestHarness): readonly string[] {
  return [python, '-m', 'pytest', '-p', 'expgraph_pytest', '--color=no', ...paths, ...args];
}

/** What a test's process is given; the plugin is found beside what the harness's own path holds. */
export function pytestEnv(
  harness: PytestHarness,
  all: Env,
  folder: string,
): { readonly [name: string]: string } {
  return strictEnv(all, envOf(harness, all, folder), folder);
}

function envOf(
  { env, variantsFrom, variant }: PytestHarness,
  all: Env,
  folder: string,
): PytestHarness['env'] {
  const own = strictEnv(all, env, folder).PYTHONPATH;
  const chosen = variantsFrom.kind === 'env' ? { [variantsFrom.name]: variant } : {};
  const searched = own ? `${PLUGIN_FOLDER}${path.delimiter}${own}` : PLUGIN_FOLDER;
  return { ...env, set: { ...env.set, ...chosen, PYTHONPATH: searched } };
}

/** Each xdist worker makes a line of its own out of this one, before anything of the tests is imported. */
export function recordedEnv(
  given: { readonly [name: string]: string },
  { proxy, line }: { readonly proxy: ProxyOrder; readonly line: string },
): { readonly [name: string]: string } {
  const urls = withProxy(given, lineUrls(proxy, line));
  return { ...urls, EXPGRAPH_PROXY: `${proxy.base}/${proxy.share}/${line}` };
}

export function jobOf(input: {
  readonly cells: readonly { readonly order: Order }[];
  readonly harness: PytestHarness;
  readonly folder: string;
}): JsonObject {
  const { harness } = input;
  return {
    v: 1,
    mode: 'run',
    variants_from: { ...harness.variantsFrom },
    scenario_param: harness.scenarioParam,
    runs_from: harness.runsFrom,
    watch: watchOf(harness, input.folder),
    count: Math.max(...input.cells.map(({ order }) => Math.max(order.work?.runs ?? 1, order.cell.run))),
    cells: input.cells.map(({ order }, n): Json => {
      const { scenario, run, attempt, model, temperature, seed, params, provider } = taskJson(
        order,
        order.work!,
      );
      return {
        id: String(n),
        key: order.key,
        variant: variantOf(order),
        run: run!,
        attempt: attempt!,
        model: model!,
        scenario: (scenario as JsonObject).id!,
        ...(order.trace === undefined ? {} : { trace: traceOf(order.trace) }),
        temperature: temperature!,
        seed: seed!,
        params: params!,
        provider: provider ?? null,
        ...(order.work!.proxy === undefined ? {} : { route: order.work!.proxy.route }),
      };
    }),
    provider: input.cells[0]
      ? (taskJson(input.cells[0].order, input.cells[0].order.work!).provider ?? null)
      : null,
  };
}

/** Files whose functions it tells, when they run. */
function watchOf({ code }: PytestHarness, folder: string): Json {
  return { folder, files: code.files.flatMap(({ path: file }) => (file.endsWith('.py') ? [file] : [])) };
}

function traceOf({ seed, facts, project }: NonNullable<Order['trace']>): JsonObject {
  return { seed, facts, ...(project === undefined ? {} : { project }) };
}

/** What the harness calls it. */
export function variantOf({ work }: Order): string {
  return (work!.harness as PytestHarness).variant;
}
