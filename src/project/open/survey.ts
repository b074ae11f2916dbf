// What pytest would collect, known before anything is planned. It is asked once, and not again while nothing moved that
// its answer hangs on; commands that only read take what was said last.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { digestOf } from '../../core/canonical.ts';
import type { PytestHarness, PytestSurvey } from '../../core/harness.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Manifest } from '../../core/manifest.ts';
import { type Redact, redactedJson } from '../../core/redact.ts';
import { digestOfFile } from '../../manifest/variants/inputs.ts';
import { readEnvFile } from '../../providers/env-file.ts';
import { openReads } from '../../providers/reads.ts';
import { pytestEnv } from '../../worker/pytest/pytest-job.ts';
import { askPytest } from './pytest-ask.ts';
import { type KeptSurvey, readSurveyItem, readSurveys, writeSurveys } from './survey-file.ts';
import type { World } from './world.ts';

export type SurveyInput = {
  readonly io: World;
  /** artifacts/<name>, absolute. */
  readonly root: string;
  readonly redact: Redact;
  /** The manifest has what is kept already, from a moment ago. */
  readonly isSeen?: boolean;
};

export function hasPytest({ variants }: Pick<Manifest, 'variants'>): boolean {
  return variants.some(({ harness }) => harness?.kind === 'pytest');
}

/** The manifest with what pytest said when it was last asked. Starts nothing. */
export function withKeptSurveys(
  manifest: Manifest,
  { io, root }: Pick<SurveyInput, 'io' | 'root'>,
): Manifest {
  if (!hasPytest(manifest)) return manifest;
  const kept = readSurveys(root);
  const found = new Map<string, PytestSurvey | null>();
  return withSurveys(manifest, (harness) => {
    const place = placeOf(harness, { manifest, env: io.env });
    const id = `${place.harness} ${place.digest}`;
    if (!found.has(id)) found.set(id, lastOf({ kept, place, folder: manifest.folder }));
    return found.get(id)!;
  });
}

/**
 * Asks pytest where what was said is not current any more.
 * @throws CommandError where it cannot collect; nothing was started then.
 */
export async function askSurveys(manifest: Manifest, input: SurveyInput): Promise<Manifest> {
  const seen = input.isSeen ? manifest : withKeptSurveys(manifest, input);
  const old = harnessesOf(seen).filter(({ survey }) => survey?.isCurrent !== true);
  if (old.length === 0) return seen;
  const asked = new Map<string, KeptSurvey>();
  await input.io.interrupts.whilePrograms(async (signal) => {
    for (const harness of old) {
      const place = placeOf(harness, { manifest, env: input.io.env });
      if (!asked.has(place.digest))
        asked.set(place.digest, await ask(harness, { ...input, manifest, place, signal }));
    }
  });
  const digests = new Set(asked.keys());
  writeSurveys(input.root, [
    ...asked.values(),
    ...readSurveys(input.root).filter((one) => !digests.has(one.digest)),
  ]);
  return withSurveys(seen, (harness) => {
    const now = asked.get(placeOf(harness, { manifest, env: input.io.env }).digest);
    return now === undefined ? harness.survey : { isCurrent: true, items: now.items };
  });
}

type Place = { readonly harness: string; readonly digest: string };

/** Which arms one pytest can tell of, and what its answer hangs on, as far as it is known beforehand. */
function placeOf(
  harness: PytestHarness,
  input: { readonly manifest: Manifest; readonly env: World['env'] },
): Place {
  const { paths, args, python, variantsFrom, scenarioParam, runsFrom, variant, env, code } = harness;
  const settings = {
    paths,
    args,
    python,
    variantsFrom,
    scenarioParam,
    runsFrom,
    env: env.set,
    variant: variantsFrom.kind === 'env' ? variant : null,
  };
  const passed = env.pass.map((name) => [name, input.env[name] ?? null]);
  const filed = env.file === undefined ? null : readEnvFile(path.resolve(input.manifest.folder, env.file));
  const { inputs, prepare } = input.manifest;
  const made = prepare.flatMap((step) => step.made);
  return {
    harness: digestOf(settings),
    digest: digestOf({ settings, passed, filed, inputs, made, code: code as unknown as JsonObject }),
  };
}

/** The same question where it was asked, else what was said of the same settings when the files were others. */
function lastOf(input: {
  readonly kept: readonly KeptSurvey[];
  readonly place: Place;
  readonly folder: string;
}): PytestSurvey | null {
  const { kept, place, folder } = input;
  const same = kept.find(({ digest }) => digest === place.digest);
  if (same) {
    const isCurrent = same.read.every(([name, digest]) => readDigest(folder, name) === digest);
    return { isCurrent, items: same.items };
  }
  const last = kept.find(({ harness }) => harness === place.harness);
  return last === undefined ? null : { isCurrent: false, items: last.items };
}

async function ask(
  harness: PytestHarness,
  input: SurveyInput & { readonly manifest: Manifest; readonly place: Place; readonly signal: AbortSignal },
): Promise<KeptSurvey> {
  const { io, manifest, place, signal } = input;
  const folder = path.resolve(manifest.folder);
  const { python, paths, args, variantsFrom, scenarioParam, runsFrom } = harness;
  using reads = openReads(folder);
  const lines = await askPytest({
    io,
    folder,
    python,
    words: [...paths, ...args],
    signal,
    env: reads.env(pytestEnv(harness, io.env, folder)),
    job: { variants_from: { ...variantsFrom }, scenario_param: scenarioParam, runs_from: runsFrom },
    hint: (words) => passHint(words, { harness, env: io.env }),
  });
  const items = lines.flatMap((line) => readSurveyItem(line) ?? []);
  const read = reads
    .undeclared(harness.code)
    .flatMap((name): (readonly [string, string])[] => [[name, readDigest(folder, name)]]);
  // A parameter may hold a client, and that its key.
  return { ...place, read, items: JSON.parse(redactedJson(items, input).text) };
}

/** Of a file its bytes; of a folder, which ends in a slash, the names in it. */
function readDigest(folder: string, name: string): string {
  try {
    const file = path.join(folder, name);
    return name.endsWith('/') ? digestOf(readdirSync(file).sort()) : digestOfFile(file);
  } catch {
    return 'absent';
  }
}

/** A key that the tests ask for and that is here: the usual first mistake. */
function passHint(
  words: string,
  input: { readonly harness: PytestHarness; readonly env: World['env'] },
): string | null {
  const { pass, set } = input.harness.env;
  const name = [...words.matchAll(/\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b/g)]
    .map(([found]) => found)
    .find((found) => input.env[found] !== undefined && !pass.includes(found) && set[found] === undefined);
  return name === undefined
    ? null
    : `${name} is set here and not passed on; pytest: { pass_env: [${name}] } passes it`;
}

function harnessesOf({ variants }: Manifest): readonly PytestHarness[] {
  return variants.flatMap(({ harness }) => (harness?.kind === 'pytest' ? [harness] : []));
}

function withSurveys(manifest: Manifest, of: (harness: PytestHarness) => PytestSurvey | null): Manifest {
  return {
    ...manifest,
    variants: manifest.variants.map((variant) => {
      if (variant.harness?.kind !== 'pytest') return variant;
      const survey = of(variant.harness);
      const harness = { ...variant.harness, survey };
      return { ...variant, harness, runs: (harness.hasOwnRuns ? runsIn(harness) : null) ?? variant.runs };
    }),
  };
}

/** How often the harness itself asks for each of a variant's cells; null = it does not say. */
function runsIn({ survey, variantsFrom, variant }: PytestHarness): number | null {
  const own = (survey?.items ?? []).filter(
    (item) => !item.deselected && (variantsFrom.kind === 'env' || item.variant === variant),
  );
  const runs = own.flatMap(({ run }) => run ?? []);
  return runs.length === 0 ? null : Math.max(...runs);
}
