// The sound part of a manifest -> the manifest, with everything read and nothing left to look up.
import { askersOf } from '../core/asking.ts';
import type { Manifest, Provider, Variant } from '../core/manifest.ts';
import { isServer } from '../core/providers/table.ts';
import type { RemoteSettings } from '../core/remote.ts';
import { type Caller, checkLoops, checkPrices, checkResults } from './checks/crosscheck.ts';
import { checkJudgedMedia, checkMedia } from './checks/media-check.ts';
import { checkPrompts } from './checks/prompt-check.ts';
import { nameProblem } from './documents/names.ts';
import { makePlaces, type Places } from './places.ts';
import { printableManifest } from './printable.ts';
import { type Reading, say } from './reading.ts';
import { warnOfPaths } from './scenarios/paths.ts';
import { type FoundScenario, loadScenarios } from './scenarios/scenarios.ts';
import type { ScorersInput } from './scorers/scorers.ts';
import { readTracing } from './scorers/tracing.ts';
import { readExecution, readWatch } from './variants/execution.ts';
import { hasHarness } from './variants/kind.ts';
import { withSdkCode } from './variants/provider-sdk.ts';
import { type Account, BUILT_IN, nameless, readProvider } from './variants/providers.ts';
import { readVariants } from './variants/variants.ts';

/** Goes through all parts whatever it finds: what comes back may be used only if no error is among the findings. */
export async function resolveManifest(
  reading: Reading,
): Promise<{ readonly manifest: Manifest; readonly places: Places }> {
  const { raw, folder, document } = reading;
  loadAhead(raw);
  const accounts = await withSdkCode(reading, readAccounts(reading));
  const plain = readVariants(reading, accounts);
  const isPlain = !hasHarness(raw);
  const resolved = isPlain
    ? plain
    : await (await import('./variants/harness.ts')).readHarnesses(reading, plain);
  const variants = resolved.map(({ variant }) => variant);
  const found = await loadScenarios(reading);
  const { varies, shared: intents, scenarios } = await validityOf({ reading, variants, found });
  warnOfPaths(reading, found);
  checkPrompts({ reading, variants: resolved, scenarios: found });
  checkResults({ reading, variants: resolved, scenarios: found });
  checkLoops({ reading, variants: resolved, scenarios: found });
  checkMedia({
    ...{ reading, variants: resolved, scenarios: found },
    providerOf: ({ provider }) => accounts.get(provider)?.provider,
  });
  const scorers = await scorersOf({ reading, accounts, scenarios: found, variants });
  checkJudgedMedia({
    ...{ reading, scorers, scenarios: found },
    providerOf: (name) => accounts.get(name)?.provider,
  });
  const callers = askersOf({ variants, scorers });
  const used = accountsInUse({ reading, accounts, callers });
  const played = await playing(reading, { used, variants, scenarios });
  const providers = await priced(reading, { providers: played, callers });
  checkPrices({ reading, callers, providers });
  if (varies !== null) {
    const { warnOfDifferences } = await import('./checks/varies.ts');
    warnOfDifferences(reading, { variants, providers: nameless([...providers]), varies });
  }
  const programs = scorers.flatMap((scorer) =>
    scorer.kind === 'command' ? [{ harness: scorer.harness, mcp: null }] : [],
  );
  const asked = await reviewOf(reading);
  const shared = await remoteOf(reading);
  const manifest = {
    file: document.file,
    folder,
    name: raw.name ?? '',
    description: raw.description ?? null,
    variants,
    scenarios,
    varies,
    expectsTools: intents,
    providers: nameless([...providers]),
    inputs:
      (raw.inputs ?? []).length === 0
        ? []
        : await (await import('./variants/inputs.ts')).readInputs(reading, {
            patterns: raw.inputs!,
            at: ['inputs'],
          }),
    inputPatterns: raw.inputs ?? [],
    strictInputs: raw.strict_inputs ?? null,
    prepare: isPlain ? [] : await (await import('./variants/prepare.ts')).readPrepare(reading),
    scorers,
    cluster:
      raw.cluster === undefined
        ? null
        : (await import('./scenarios/cluster.ts')).readCluster(reading, scenarios),
    gate:
      raw.gate === undefined
        ? []
        : (await import('./scorers/gate.ts')).readGate(reading, { variants, scenarios, scorers, ...asked }),
    ...(await untilOf(reading, { variants, scorers })),
    ...asked,
    ...(shared === null ? {} : { remote: shared.remote }),
    execution: readExecution(reading),
    artifacts: { mode: raw.artifacts?.mode ?? 'private' },
    watch: readWatch(reading),
    langsmith: readTracing(reading),
    sources: reading.findings.sources(),
  };
  const arms = new Map(resolved.map(({ variant, arm }) => [variant.name, arm]));
  const whole = {
    ...manifest,
    printable: printableManifest({
      manifest,
      providers: [...used].map(([name, { printable }]) => [name, printable]),
    }),
    secrets: [
      ...secretsOf([...used.values()]),
      ...(shared?.secrets ?? []),
      ...(isPlain ? [] : (await import('./variants/harness.ts')).passedSecrets(variants, reading.env)),
      ...(programs.length === 0
        ? []
        : (await import('./variants/harness.ts')).passedSecrets(programs, reading.env)),
    ],
  };
  return { manifest: whole, places: makePlaces(reading, { arms, scorers }) };
}

async function untilOf(
  reading: Reading,
  input: Pick<Manifest, 'variants' | 'scorers'>,
): Promise<Pick<Manifest, 'until'>> {
  if (reading.raw.until === undefined) return {};
  const until = (await import('./scorers/until.ts')).readUntil(reading, input);
  return until === null ? {} : { until };
}

async function reviewOf(reading: Reading): Promise<Pick<Manifest, 'review'>> {
  if (reading.raw.review === undefined) return {};
  const review = (await import('./scorers/review.ts')).readReview(reading);
  return review === null ? {} : { review };
}

async function remoteOf(
  reading: Reading,
): Promise<{ readonly remote: RemoteSettings; readonly secrets: Manifest['secrets'] } | null> {
  if (reading.raw.remote === undefined) return null;
  const { readRemote, remoteSecrets } = await import('./remote.ts');
  const remote = readRemote(reading, reading.raw.remote);
  return remote === null ? null : { remote, secrets: remoteSecrets(reading, remote) };
}

/** What is declared of the arms: in what they differ, and what intents are in their tools. Loaded where there is any of it. */
async function validityOf(input: {
  readonly reading: Reading;
  readonly variants: readonly Variant[];
  readonly found: readonly FoundScenario[];
}): Promise<Pick<Manifest, 'varies' | 'scenarios'> & { readonly shared: Manifest['expectsTools'] }> {
  const { reading, found } = input;
  const { varies, expects_tools: intents } = reading.raw;
  const isMapped = intents !== undefined || found.some((one) => one.intents.length > 0);
  const variants = input.variants.map(({ name }) => name);
  const mapped = isMapped
    ? await (await import('./scenarios/intents.ts')).readIntents(reading, { scenarios: found, variants })
    : { shared: {}, scenarios: found.map(({ scenario }) => scenario) };
  return {
    ...mapped,
    varies: varies === undefined ? null : (await import('./checks/varies.ts')).readVaries(reading),
  };
}

/** What will be asked for in a moment is read from the disk meanwhile. */
function loadAhead(raw: Reading['raw']): void {
  if (raw.expects_tools !== undefined) void import('./scenarios/intents.ts');
  if (raw.varies !== undefined) void import('./checks/varies.ts');
  if (raw.expects_tools !== undefined || (raw.scorers ?? []).length > 0) void import('./scorers/scorers.ts');
}

/** The declared accounts, then the built-in ones that nobody declared. */
function readAccounts(reading: Reading): ReadonlyMap<string, Account> {
  const accounts = new Map<string, Account>();
  for (const [name, raw] of Object.entries(reading.raw.providers ?? {})) {
    const problem = nameProblem("the provider's name", name);
    if (problem) say(reading, { path: ['providers', name], part: 'key', code: 'bad-name', ...problem });
    accounts.set(name, readProvider(reading, { name, raw }));
  }
  for (const [name, raw] of Object.entries(BUILT_IN)) {
    if (!accounts.has(name) && !reading.isSpoiled(['providers', name]))
      accounts.set(name, readProvider(reading, { name, raw }));
  }
  return accounts;
}

/** With lists of prices, where one may say something: for a simulation and for an address of one's own nothing is loaded. */
async function priced(
  reading: Reading,
  input: { readonly providers: ReadonlyMap<string, Provider>; readonly callers: readonly Caller[] },
): Promise<ReadonlyMap<string, Provider>> {
  const isSold = ({ type, baseUrl }: Provider): boolean =>
    isServer(type) && (baseUrl === null || baseUrl.startsWith('https:'));
  if (reading.raw.prices === undefined && ![...input.providers.values()].some(isSold)) return input.providers;
  return (await import('./prices/price-lists.ts')).withPriceLists(reading, input);
}

/** Simulations with what they are told to answer. Loaded where they are told something. */
async function playing(
  reading: Reading,
  input: {
    readonly used: ReadonlyMap<string, Account>;
    readonly variants: readonly Variant[];
    readonly scenarios: Manifest['scenarios'];
  },
): Promise<ReadonlyMap<string, Provider>> {
  const { raw } = reading;
  const providers = new Map([...input.used].map(([name, { provider }]) => [name, provider]));
  const isTold = [raw, ...Object.values(raw.providers ?? {})].some(({ sim }) => sim?.answers !== undefined);
  if (!isTold) return providers;
  const { withPlayed } = await import('./scorers/sim-answers.ts');
  const variants = input.variants.map(({ name }) => name);
  return withPlayed(reading, { providers, variants, scenarios: input.scenarios.map(({ id }) => id) });
}

/** Most experiments without expectations need nothing of it, and it is not loaded. */
async function scorersOf(input: ScorersInput): Promise<Manifest['scorers']> {
  const { reading, scenarios, variants } = input;
  const isNone =
    variants.every(({ harness }) => harness?.kind !== 'pytest') &&
    (reading.raw.scorers ?? []).length === 0 &&
    scenarios.every(({ scenario }) => scenario.expect === null);
  return isNone ? [] : (await import('./scorers/scorers.ts')).readScorers(input);
}

/** Each that is declared, and the built-in ones that a variant or a judge names. */
function accountsInUse(input: {
  readonly reading: Reading;
  readonly accounts: ReadonlyMap<string, Account>;
  readonly callers: readonly { readonly provider: string }[];
}): ReadonlyMap<string, Account> {
  const named = new Set([
    ...Object.keys(input.reading.raw.providers ?? {}),
    ...input.callers.map(({ provider }) => provider),
  ]);
  return new Map([...input.accounts].filter(([name]) => named.has(name)));
}

function secretsOf(accounts: readonly Account[]): Manifest['secrets'] {
  const secrets = new Map(
    accounts.flatMap((account) =>
      account.secrets.map((secret) => [JSON.stringify([secret.name, secret.value]), secret]),
    ),
  );
  return [...secrets.values()];
}
