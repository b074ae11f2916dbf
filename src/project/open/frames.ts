// What packages make of the requests of variants and judges, before anything is planned for real: that is what counts in keys,
// and what they change of what they are asked is a mistake, unless the provider allows it. What was built is kept: a plan that
// changes nothing loads no package, and whoever only reads needs none installed.
import { existsSync } from 'node:fs';
import { askersOf } from '../../core/asking.ts';
import { digestOf, sha256 } from '../../core/canonical.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { arrangedBody, type Frame, otherMembers, toolsDigest } from '../../core/frame.ts';
import type { Manifest, Provider, ProviderSdk, Tool, Variant } from '../../core/manifest.ts';
import { entryOf } from '../../core/providers/table.ts';
import type { Redact } from '../../core/redact.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { JudgeScorer } from '../../core/scoring.ts';
import type { Places } from '../../manifest/places.ts';
import { findSdk } from '../../providers/ai-sdk-find.ts';
import { openEndpoint } from '../../providers/open-endpoint.ts';
import { majorOf, normalBaseUrl } from '../../variants/fingerprint.ts';
import { endpointOf } from '../../variants/request.ts';
import { type FrameFindings, makeFrameFindings } from './frame-findings.ts';
import { type Asking, framesAsked, requestOfJudge, requestOfVariant, toolSets } from './frame-requests.ts';
import { type KeptFrame, readFrames, writeFrames } from './frames-file.ts';
import type { World } from './world.ts';

export type FramesInput = {
  readonly io: Pick<World, 'env'>;
  /** artifacts/<name>, absolute. */
  readonly root: string;
  readonly redact: Redact;
  readonly places: Places;
  /** `make`: the folder of artifacts is made where there is none. */
  readonly folder: 'make' | 'leave';
};

export type Framed = {
  /** The very one that was given where nothing of it is otherwise. */
  readonly manifest: Manifest;
  readonly diagnostics: readonly Diagnostic[];
};

/** The manifest with what was built last, by whatever version was there. Loads no package, and needs none. */
export function withKeptFrames(manifest: Manifest, { io, root }: Pick<FramesInput, 'io' | 'root'>): Manifest {
  const kept = readFrames(root);
  const versioned = withVersions(manifest, (provider, sdk) => {
    const there = versionThere(provider, { sdk, folder: manifest.folder });
    return there.kind === 'ok' ? there.value : lastVersion(kept, provider);
  });
  const byId = indexed(kept, ({ asked, by }) => `${asked} ${by}`);
  const byAsked = indexed(kept, ({ asked }) => asked);
  return withFrames(versioned, (asking) => {
    const asked = askedDigest(asking, io);
    return byId.get(`${asked} ${builtBy(asking.provider)}`) ?? byAsked.get(asked) ?? null;
  });
}

/** Builds what is not kept, and says what packages change. Takes no lock. */
export async function buildFrames(manifest: Manifest, input: FramesInput): Promise<Framed> {
  const findings = makeFrameFindings({ manifest, places: input.places });
  const missing = new Set<string>();
  const versioned = withVersions(manifest, (provider, sdk) => {
    const there = versionThere(provider, { sdk, folder: manifest.folder });
    if (there.kind === 'ok') return checkedMajor(there.value, { provider, findings });
    findings.missing(provider, there.error);
    missing.add(provider.name);
    return undefined;
  });
  if (missing.size > 0) return { manifest: versioned, diagnostics: findings.list() };
  const before = readFrames(input.root);
  const known = indexed(before, ({ asked, by }) => `${asked} ${by}`);
  const used: KeptFrame[] = [];
  const built = new Map<string, KeptFrame | null>();
  for (const asking of framesAsked(versioned)) {
    const id = askedId(asking, input.io);
    let frame = built.get(id);
    if (frame === undefined) {
      frame = known.get(id) ?? (await build(asking, { ...input, findings, versioned }));
      built.set(id, frame);
      if (frame !== null) used.push(frame);
    }
    if (frame !== null) findings.changes(asking, frame);
  }
  keep({ ...input, before, used });
  const framed = withFrames(versioned, (asking) => built.get(askedId(asking, input.io)) ?? null);
  return { manifest: isSame(framed, manifest) ? manifest : framed, diagnostics: findings.list() };
}

/** The newest of each. */
function indexed(kept: readonly KeptFrame[], of: (one: KeptFrame) => string): ReadonlyMap<string, KeptFrame> {
  return new Map(kept.toReversed().map((one) => [of(one), one]));
}

function isSame(a: Manifest, b: Manifest): boolean {
  const of = ({ variants, scorers, providers }: Manifest): string =>
    JSON.stringify([
      variants.map(({ frame }) => frame ?? null),
      scorers.map((one) => (one.kind === 'judge' ? (one.frame ?? null) : null)),
      Object.values(providers).map(({ sdk }) => sdk?.version ?? null),
    ]);
  return of(a) === of(b);
}

/** Accounts whose package is asked: by expgraph's own calls, by own code, and by scorers. Programs speak to whom they like. */
function sdkNames({
  variants,
  scorers,
  providers,
}: Pick<Manifest, 'variants' | 'scorers' | 'providers'>): readonly string[] {
  const callers = askersOf({
    variants: variants.filter(({ harness }) => harness === null || harness.kind === 'module'),
    scorers,
  });
  return [...new Set(callers.map(({ provider }) => provider))].filter(
    (name) => providers[name]?.sdk !== undefined,
  );
}

function withVersions(
  manifest: Manifest,
  versionOf: (provider: Provider, sdk: ProviderSdk) => string | undefined,
): Manifest {
  const providers: { [name: string]: Provider } = Object.assign(Object.create(null), manifest.providers);
  for (const name of sdkNames(manifest)) {
    const provider = providers[name]!;
    const { version: _, ...sdk } = provider.sdk!;
    const version = versionOf(provider, sdk);
    providers[name] = { ...provider, sdk: version === undefined ? sdk : { ...sdk, version } };
  }
  return { ...manifest, providers };
}

/** undefined = a module of the project has none. */
function versionThere(
  provider: Provider,
  { sdk, folder }: { readonly sdk: ProviderSdk; readonly folder: string },
): Result<string | undefined, string> {
  const found = findSdk({ name: sdk.package, folder, vendor: entryOf(provider.type).sdk });
  return found.kind === 'err' ? err(found.error) : ok(found.value.version ?? undefined);
}

function lastVersion(kept: readonly KeptFrame[], { sdk }: Provider): string | undefined {
  return kept.find(({ by }) => by.startsWith(`${sdk!.package}@`))?.version ?? undefined;
}

/** Results of another major stand under keys of their own; whether it is spoken to rightly nobody has tried. */
function checkedMajor(
  version: string | undefined,
  { provider, findings }: { readonly provider: Provider; readonly findings: FrameFindings },
): string | undefined {
  const vendor = entryOf(provider.type).sdk;
  if (version !== undefined && vendor !== null && majorOf(version) !== String(vendor.major))
    findings.otherMajor(provider, { version, tried: vendor });
  return version;
}

/** A package by its exact version, a module of the project by what it consists of. */
function builtBy({ sdk }: Provider): string {
  const { package: name, version, own } = sdk!;
  return own === undefined ? `${name}@${version ?? ''}` : `${name} ${digestOf(own as never)}`;
}

/** What the request hangs on beside the version; values of the environment are in it, and a digest tells none. */
function askedDigest({ provider, request }: Asking, { env }: Pick<World, 'env'>): string {
  const { type, baseUrl, headers, settings, sdk } = provider;
  const { package: name, create, method, options } = sdk!;
  const query = settings?.query ?? {};
  const here = [Object.values(query), env.AWS_REGION ?? null, env.AZURE_RESOURCE_NAME ?? null];
  const way = settings?.stream === 'always' ? ['stream'] : [];
  return sha256(
    JSON.stringify([type, baseUrl, headers, query, here, name, create, method, options, request, ...way]),
  );
}

function askedId(asking: Asking, io: Pick<World, 'env'>): string {
  return `${askedDigest(asking, io)} ${builtBy(asking.provider)}`;
}

type Building = FramesInput & { readonly findings: FrameFindings; readonly versioned: Manifest };

async function build(asking: Asking, input: Building): Promise<KeptFrame | null> {
  const { provider, request } = asking;
  const { findings, io, versioned } = input;
  const opened = openEndpoint(endpointOf(provider), { env: io.env, folder: versioned.folder });
  if (opened.kind === 'err') {
    findings.refused(asking, opened.error.message);
    return null;
  }
  const { buildFrame } = await import('../../providers/ai-sdk-frame.ts');
  const built = await buildFrame({ endpoint: opened.value, request });
  if (built.kind === 'err') {
    findings.refused(asking, built.error.message);
    return null;
  }
  const { body, headers, url, version, warnings, unused } = built.value;
  return {
    asked: askedDigest(asking, io),
    by: builtBy(provider),
    version,
    path: pathOf(url, provider),
    headers: ownHeaders(headers, provider),
    body: arrangedBody(body),
    warnings: warnings.map((warning) => ({ ...warning })),
    unused,
  };
}

/** Behind the account's address, which counts by itself. Without a query: that is transport (docs/keys.md). */
function pathOf(url: string, provider: Provider): string {
  const whole = normalBaseUrl(url) ?? '';
  const base = normalBaseUrl(provider.baseUrl ?? entryOf(provider.type).defaults.baseUrl);
  return base !== null && whole.startsWith(`${base}/`) ? whole.slice(base.length) : whole;
}

/** What the manifest's own headers say counts with the account, by digest: they may come from the environment. */
function ownHeaders(headers: Frame['headers'], provider: Provider): Frame['headers'] {
  const told = new Set(Object.keys(provider.headers).map((name) => name.toLowerCase()));
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, told.has(name) ? sha256(value) : value]),
  );
}

/** The newest first. What has a secret in it is built anew each time. */
function keep(
  of: Pick<FramesInput, 'root' | 'redact' | 'folder'> & {
    readonly before: readonly KeptFrame[];
    readonly used: readonly KeptFrame[];
  },
): void {
  const { root, redact, before } = of;
  const known = new Set(before);
  const isSafe = (one: KeptFrame): boolean => {
    const text = JSON.stringify(one);
    return redact(text) === text;
  };
  const fresh = of.used.filter((one) => !known.has(one) && isSafe(one));
  if (fresh.length === 0 || (of.folder === 'leave' && !existsSync(root))) return;
  writeFrames(root, [...fresh, ...before]);
}

function withFrames(manifest: Manifest, find: (asking: Asking) => KeptFrame | null): Manifest {
  const ownTools = toolSets(manifest);
  return {
    ...manifest,
    variants: manifest.variants.map((variant) => withFrame(variant, { manifest, find, ownTools })),
    scorers: manifest.scorers.map((scorer) => {
      const provider = scorer.kind === 'judge' ? manifest.providers[scorer.provider] : undefined;
      if (scorer.kind !== 'judge' || provider?.sdk === undefined) return scorer;
      const found = find({ provider, request: requestOfJudge(scorer), of: { kind: 'judge', scorer } });
      const { frame: _, ...judge } = scorer;
      return found === null ? (judge as JudgeScorer) : { ...scorer, frame: frameFrom(found) };
    }),
  };
}

function withFrame(
  { frame: _, ...plain }: Variant,
  at: {
    readonly manifest: Manifest;
    readonly find: (asking: Asking) => KeptFrame | null;
    readonly ownTools: readonly (readonly Tool[])[];
  },
): Variant {
  const variant: Variant = plain;
  const provider = at.manifest.providers[variant.provider];
  if (provider?.sdk === undefined || variant.harness !== null) return variant;
  const of = { kind: 'variant', variant } as const;
  const found = at.find({ provider, request: requestOfVariant(variant), of });
  if (found === null) return variant;
  const own: { [tools: string]: Frame['body'] } = {};
  for (const tools of at.ownTools) {
    const met = { ...variant, tools };
    const other = at.find({ provider, request: requestOfVariant(met), of });
    if (other !== null) own[toolsDigest(tools)] = otherMembers(other.body, found.body);
  }
  const isPlain = Object.keys(own).length === 0;
  return { ...variant, frame: { ...frameFrom(found), ...(isPlain ? {} : { own }) } };
}

function frameFrom({ version, path: way, headers, body }: KeptFrame): Frame {
  return { version, path: way, headers, body };
}
