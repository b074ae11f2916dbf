// expgraph doctor: is everything there that a run needs, and if not, what to do.

import { accessSync, constants, existsSync } from 'node:fs';
import path from 'node:path';
import type { Provider } from '../../core/manifest.ts';
import { entryOf } from '../../core/providers/table.ts';
import { jsonLine, sanitizeLine } from '../../core/text.ts';
import { type CallReport, callReportText } from '../../project/doctor/report.ts';
import { readTracing } from '../../project/langsmith/settings.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { nothingFound } from '../../project/open/find-manifest.ts';
import { packageVersion } from '../../project/open/provenance.ts';
import { makeColors } from '../../text/colors.ts';
import { formatAmount } from '../../text/format.ts';
import { endpointOf } from '../../variants/request.ts';
import type { Io } from '../io.ts';

type Check = {
  readonly name: string;
  /** `off`: nothing is wrong, and nothing is there. */
  readonly state: 'ok' | 'warning' | 'failed' | 'off';
  readonly found: string;
  /** What to do; null where nothing is to be done. */
  readonly advice: string | null;
};

export async function doctorCommand(
  io: Io,
  options: {
    readonly file: string;
    readonly json?: boolean;
    readonly call?: boolean;
    readonly provider?: string;
    readonly model?: string;
  },
): Promise<number> {
  const checks: Check[] = [
    ok(
      'node',
      `Node ${process.versions.node}, expgraph ${packageVersion()}, ${process.platform}-${process.arch}`,
    ),
  ];
  const isThere = existsSync(path.resolve(io.cwd, options.file));
  const experiment = isThere ? await tryOpen(io, options.file) : null;
  if (experiment === null) {
    const { what, hint } = isThere
      ? { what: `${options.file} has mistakes, see above`, hint: 'mend them' }
      : nothingFound(io.cwd);
    checks.push({ name: 'manifest', state: 'failed', found: what, advice: hint });
  } else {
    const { manifest } = experiment;
    const cells = manifest.variants.reduce((sum, { runs }) => sum + runs * manifest.scenarios.length, 0);
    checks.push(
      ok(
        'manifest',
        `${options.file}: ${manifest.variants.length} variants, ${manifest.scenarios.length} scenarios, ${cells} tasks`,
      ),
    );
    if (manifest.variants.length > 1) checks.push(armsCheck(experiment));
    for (const provider of usedProviders(experiment)) {
      checks.push(...keyChecks(io, provider), ...(await endpointChecks(io, { provider, experiment })));
    }
    checks.push(...(await programChecks(io, experiment)), storeCheck(io, experiment));
    checks.push(await langsmithCheck(io, experiment));
  }
  const asJson = options.json ?? false;
  if (options.call !== true && (options.provider ?? options.model) !== undefined) {
    throw new CommandError('--provider and --model go with --call: doctor alone calls no model');
  }
  if (!asJson) print(io, checks);
  const reports = options.call && experiment ? await callsOf(io, { experiment, asJson, ...options }) : [];
  if (asJson) io.out.write(jsonLine({ checks, ...(options.call ? { calls: [...reports] } : {}) }));
  if (reports.some(({ ok }) => !ok)) return 1;
  return checks.some(({ state }) => state === 'failed') ? 1 : 0;
}

async function tryOpen(io: Io, file: string): Promise<Experiment | null> {
  try {
    return await openExperiment(io, file);
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
  const judges = manifest.scorers.flatMap((scorer) => (scorer.kind === 'judge' ? [scorer.provider] : []));
  const names = new Set([...manifest.variants.map((variant) => variant.provider), ...judges]);
  // `none` is no account: there is nothing to reach.
  return [...names]
    .map((name) => manifest.providers[name]!)
    .filter(({ type }) => entryOf(type).answeredBy !== 'nobody');
}

async function programChecks(io: Io, experiment: Experiment): Promise<readonly Check[]> {
  if (experiment.manifest.variants.every(({ harness, mcp }) => harness === null && mcp === null)) return [];
  const { programsOf } = await import('../../project/doctor/programs.ts');
  return (await programsOf(io, experiment)).map(({ name, found, problem }) =>
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

function keyChecks(io: Io, provider: Provider): readonly Check[] {
  const name = `key of ${provider.name}`;
  if (provider.type === 'sim') return [];
  if (provider.apiKeyEnv === null) return [ok(name, 'none is sent')];
  if (io.env[provider.apiKeyEnv]) return [ok(name, `${provider.apiKeyEnv} is set`)];
  const advice = `export ${provider.apiKeyEnv}=..., or name another variable with api_key_env`;
  return [{ name, state: 'failed', found: `${provider.apiKeyEnv} is not set`, advice }];
}

const PROBE_MS = 5_000;

async function endpointChecks(
  io: Io,
  { provider, experiment }: { readonly provider: Provider; readonly experiment: Experiment },
): Promise<readonly Check[]> {
  const name = `endpoint of ${provider.name}`;
  if (provider.type === 'sim' && provider.baseUrl === null) {
    return [ok(name, 'the built-in simulation, started with each run: it is no model')];
  }
  const base = (provider.baseUrl ?? entryOf(provider.type).defaults.baseUrl ?? '').replace(/\/+$/, '');
  const [{ probe }, { openEndpoint }] = await Promise.all([
    import('../../providers/index.ts'),
    import('../../providers/open-endpoint.ts'),
  ]);
  const signal = AbortSignal.timeout(PROBE_MS);
  const { env, clock } = io;
  const endpoint = openEndpoint(endpointOf(provider), { env, folder: experiment.manifest.folder });
  const answer = endpoint.kind === 'ok' ? await probe(endpoint.value, { env, clock, signal }) : endpoint;
  if (answer.kind === 'ok') {
    const { status, models } = answer.value;
    if (status !== 401 && status !== 403) {
      const isListed = status === 200 && models !== null;
      const told = isListed
        ? `it lists ${formatAmount(models.length, 'model')}`
        : 'it has no list of models, which is fine';
      const answers = ok(name, `${base} answers (${status} to GET /models): ${told}${ownLimit(provider)}`);
      return isListed ? [answers, ...(await modelChecks(experiment, { provider, models }))] : [answers];
    }
    const advice = `check the value of ${provider.apiKeyEnv ?? 'the key'}`;
    return [{ name, state: 'failed', found: `${base} refuses the key (${status})`, advice }];
  }
  const { kind, message } = answer.error;
  // Said of the key above.
  if (kind === 'unauthorized')
    return [{ name, state: 'off', found: 'not asked without its key', advice: null }];
  const why = signal.aborted ? `no answer in ${PROBE_MS / 1000} s` : message;
  const advice = 'start the server, or correct base_url under providers';
  return [{ name, state: 'failed', found: `${base} cannot be reached: ${why}`, advice }];
}

/** A warning: some gateways take more than they list. */
async function modelChecks(
  experiment: Experiment,
  of: { readonly provider: Provider; readonly models: readonly string[] },
): Promise<readonly Check[]> {
  const { unlisted } = await import('../../project/doctor/models.ts');
  const { name: provider } = of.provider;
  return unlisted(experiment, { provider, models: of.models }).map(({ model, advice }) => ({
    name: `model of ${provider}`,
    state: 'warning',
    found: `${model} is not in its list`,
    advice,
  }));
}

function ownLimit({ settings }: Provider): string {
  const { timeoutMs = null } = settings ?? {};
  return timeoutMs === null ? '' : `; each call may take ${timeoutMs / 1000} s`;
}

function storeCheck(io: Io, experiment: Experiment): Check {
  const where = path.relative(io.cwd, experiment.root);
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

async function langsmithCheck(io: Io, experiment: Experiment): Promise<Check> {
  const name = 'LangSmith';
  const state = readTracing(io, experiment);
  if (state.kind === 'off') {
    const found = `no tracing: ${state.why}`;
    if (state.isMeant) return { name, state: 'off', found, advice: null };
    return {
      name,
      state: 'warning',
      found,
      advice: 'tracing: { langsmith: false } in the manifest means it',
    };
  }
  const { endpoint, project } = state.tracing;
  const { makeService } = await import('../../tracing/upload/service.ts');
  const service = makeService(endpoint, { version: packageVersion(), timeoutMs: PROBE_MS });
  const answer = await service.call({ method: 'GET', path: '/sessions?limit=1' });
  switch (answer.kind) {
    case 'unauthorized':
      return {
        name,
        state: 'warning',
        found: `${endpoint.apiUrl} refuses the key (${answer.why})`,
        advice: 'check LANGSMITH_API_KEY, LANGSMITH_ENDPOINT (the EU has its own) and LANGSMITH_WORKSPACE_ID',
      };
    case 'busy':
      return {
        name,
        state: 'warning',
        found: `${endpoint.apiUrl} cannot be reached: ${answer.why}`,
        advice: 'runs go on; traces wait in artifacts/ for npx expgraph langsmith push',
      };
    case 'stranger':
    case 'missing':
      return {
        name,
        state: 'warning',
        found: `${endpoint.apiUrl} is not LangSmith's API: ${answer.kind === 'missing' ? `it answers ${answer.why}` : answer.why}`,
        advice: 'check LANGSMITH_ENDPOINT; self-hosted LangSmith has a path: https://host/api/v1',
      };
    default:
      return ok(name, `traces go to project ${project} at ${endpoint.apiUrl}`);
  }
}

function ok(name: string, found: string): Check {
  return { name, state: 'ok', found, advice: null };
}

/** Paid for, so on demand only. */
async function callsOf(
  io: Io,
  of: {
    readonly experiment: Experiment;
    readonly asJson: boolean;
    readonly provider?: string;
    readonly model?: string;
  },
): Promise<readonly CallReport[]> {
  const { callEndpoints } = await import('../../project/doctor/call.ts');
  const reports: CallReport[] = [];
  const announce = (sentence: string): void => (of.asJson ? io.err : io.out).write(`\n${sentence}\n`);
  for await (const report of callEndpoints(io, { ...of, announce })) {
    reports.push(report);
    if (!of.asJson) io.out.write(callReportText(report));
  }
  return reports;
}

function print(io: Io, checks: readonly Check[]): void {
  const colors = makeColors(io.out.colors);
  const width = Math.max(...checks.map(({ name }) => name.length));
  for (const { name, state, found, advice } of checks) {
    const line = `${state === 'off' ? '-'.padEnd(7) : state.padEnd(7)}  ${name.padEnd(width)}  ${sanitizeLine(found)}`;
    io.out.write(`${state === 'off' ? colors.dim(line) : line}\n`);
    if (advice !== null) io.out.write(`${''.padEnd(11 + width)}-> ${sanitizeLine(advice)}\n`);
  }
}
