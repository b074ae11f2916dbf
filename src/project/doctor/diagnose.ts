// Is everything there that a run needs, and if not, what to do. Calls no model.

import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import { askersOf } from '../../core/asking.ts';
import type { Provider } from '../../core/manifest.ts';
import { entryOf } from '../../core/providers/table.ts';
import { CommandError } from '../open/command-error.ts';
import { built, type Experiment, openExperiment } from '../open/experiment.ts';
import { nothingFound } from '../open/find-manifest.ts';
import { packageVersion } from '../open/provenance.ts';
import type { World } from '../open/world.ts';
import { type Check, ok } from './check.ts';
import { endpointChecks } from './endpoint.ts';
import { langsmithCheck } from './langsmith.ts';
import { limitsChecks } from './limits.ts';
import { priceChecks } from './prices.ts';

export type Diagnosis = {
  /** Node, the manifest, its arms, keys and endpoints, programs, the store, the remote, LangSmith: in this order. */
  readonly checks: readonly Check[];
  /** null = there is none, or it has mistakes; they were noticed. */
  readonly experiment: Experiment | null;
};

export type DiagnoseInput = {
  /** The manifest, from the world's folder. */
  readonly file: string;
  /** Whether the remote is written to, which leaves a file there; left out = it is not. */
  readonly mayWriteRemote?: boolean;
};

export async function diagnose(
  world: World,
  { file, mayWriteRemote = false }: DiagnoseInput,
): Promise<Diagnosis> {
  const checks: Check[] = [
    ok(
      'node',
      `Node ${process.versions.node}, expgraph ${packageVersion()}, ${process.platform}-${process.arch}`,
    ),
  ];
  const isThere = existsSync(path.resolve(world.cwd, file));
  const experiment = isThere ? await tryOpen(world, file) : null;
  if (experiment === null) {
    const { what, hint } = isThere
      ? { what: `${file} has mistakes, see above`, hint: 'mend them' }
      : nothingFound(world.cwd);
    checks.push({ name: 'manifest', state: 'failed', found: what, advice: hint });
    return { checks, experiment };
  }
  const { manifest } = experiment;
  const cells = manifest.variants.reduce((sum, { runs }) => sum + runs * manifest.scenarios.length, 0);
  checks.push(
    ok(
      'manifest',
      `${file}: ${manifest.variants.length} variants, ${manifest.scenarios.length} scenarios, ${cells} tasks`,
    ),
  );
  if (manifest.variants.length > 1) checks.push(armsCheck(experiment));
  for (const provider of usedProviders(experiment)) {
    checks.push(...keyChecks(world, provider), ...(await endpointChecks(world, { provider, experiment })));
    checks.push(...limitsChecks(world, { provider, experiment }));
  }
  checks.push(...priceChecks(world, experiment));
  checks.push(...(await programChecks(world, experiment)), storeCheck(world, experiment));
  if (manifest.remote !== undefined) {
    const { remoteChecks } = await import('./remote.ts');
    checks.push(...(await remoteChecks(world, { settings: manifest.remote, mayWrite: mayWriteRemote })));
  }
  checks.push(await langsmithCheck(world, experiment));
  return { checks, experiment };
}

async function tryOpen(world: World, file: string): Promise<Experiment | null> {
  try {
    return await built(world, await openExperiment(world, file, { as: 'plan' }), 'leave');
  } catch (cause) {
    if (cause instanceof CommandError) return null;
    throw cause;
  }
}

/** What differs by accident is told by the manifest's own warnings; here, whether anything would be. */
function armsCheck({ manifest, warnings }: Experiment): Check {
  const name = 'arms';
  if (manifest.varies === null) {
    const found = 'the manifest does not say in what the variants differ on purpose';
    const advice =
      'write varies: [tools], say: accidental differences then show. npx expgraph variants --diff lists all';
    return { name, state: 'off', found, advice };
  }
  const count = warnings.filter(({ code }) => code === 'undeclared-difference').length;
  if (count === 0)
    return ok(
      name,
      `the variants differ only in what is declared: ${manifest.varies.join(', ') || 'nothing'}`,
    );
  const found = `the variants differ in ${count} ${count === 1 ? 'thing' : 'things'} that "varies" does not name`;
  return { name, state: 'warning', found, advice: 'npx expgraph variants --diff marks them' };
}

function usedProviders({ manifest }: Experiment): readonly Provider[] {
  const names = new Set(askersOf(manifest).map(({ provider }) => provider));
  // `none` is no account: there is nothing to reach.
  return [...names]
    .map((name) => manifest.providers[name]!)
    .filter(({ type }) => entryOf(type).answeredBy !== 'nobody');
}

async function programChecks(world: World, experiment: Experiment): Promise<readonly Check[]> {
  if (experiment.manifest.variants.every(({ harness, mcp }) => harness === null && mcp === null)) return [];
  const { programsOf } = await import('./programs.ts');
  return (await programsOf(world, experiment)).map(({ name, found, problem }) =>
    problem === null
      ? ok(name, found)
      : {
          name,
          state: 'failed',
          found: `${found}: ${problem}`,
          advice: 'install it, or correct the manifest',
        },
  );
}

function keyChecks(world: World, provider: Provider): readonly Check[] {
  const name = `key of ${provider.name}`;
  if (provider.type === 'sim') return [];
  if (provider.apiKeyEnv === null) return [ok(name, 'none is sent')];
  if (world.env[provider.apiKeyEnv]) return [ok(name, `${provider.apiKeyEnv} is set`)];
  const advice = `export ${provider.apiKeyEnv}=..., or name another variable with api_key_env`;
  return [{ name, state: 'failed', found: `${provider.apiKeyEnv} is not set`, advice }];
}

function storeCheck(world: World, experiment: Experiment): Check {
  const where = path.relative(world.cwd, experiment.root);
  const existing = existsSync(experiment.root) ? experiment.root : experiment.manifest.folder;
  try {
    accessSync(existing, constants.W_OK);
  } catch {
    return {
      name: 'store',
      state: 'failed',
      found: `${existing} is not writable`,
      advice: 'correct its permissions',
    };
  }
  using reader = experiment.stores.read();
  const records = [...reader.records()].length;
  const invocations = reader.invocations().length;
  if (reader.diagnostics.length > 0) {
    const found = `${where}: ${reader.diagnostics.length} things to look at`;
    return { name: 'store', state: 'warning', found, advice: 'npx expgraph fsck names them' };
  }
  return ok('store', `${where}: ${records} records of ${invocations} invocations`);
}
