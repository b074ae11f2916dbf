// Whether the experiment was edited while it ran. What ran is recorded as it was sent; this says what the edit makes stale.
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { Manifest } from '../../core/manifest.ts';
import { loadManifest } from '../../manifest/load.ts';
import { fingerprint, type VariantParts } from '../../variants/fingerprint.ts';
import type { Experiment } from '../open/experiment.ts';
import { hasPackages } from '../open/packages.ts';
import { stampOf } from '../open/stamp.ts';
import type { World } from '../open/world.ts';

/**
 * Remembers how the files stand now; the returned function looks again and gives a warning where it matters.
 * @param of what is made meanwhile: draws do not hang on what is expected of them, and scores on nothing else
 */
export function watchSources(
  io: World,
  experiment: Experiment,
  of: 'draws' | 'scores' = 'draws',
): () => Promise<readonly Diagnostic[]> {
  const { sources, file } = experiment.manifest;
  const before = sources.map(stampOf);
  return async () => {
    if (sources.every((source, i) => stampOf(source) === before[i])) return [];
    const loaded = await loadManifest({ file, env: io.env });
    if (loaded.kind === 'err') {
      return [warning('cannot be read any more: it was edited into something that is no experiment')];
    }
    const { manifest, places } = loaded.value;
    const changed =
      of === 'draws'
        ? changedDraws(
            experiment,
            await framed(io, { ...experiment, places }, withSeenOf(experiment, manifest)),
          )
        : changedNames(await expectations(experiment), await expectations({ ...experiment, manifest }));
    if (changed.length === 0) return [];
    return [warning(`or a file that it names was edited: ${changed.join(', ')}`)];
  };
}

/** What servers offer and what pytest collects was not asked again: it is taken as it was. */
function withSeenOf(experiment: Experiment, manifest: Manifest): Manifest {
  return {
    ...manifest,
    variants: manifest.variants.map((variant) => {
      const before = experiment.variants.get(variant.name)?.variant;
      const { mcp, harness } = variant;
      const survey = before?.harness?.kind === 'pytest' ? before.harness.survey : null;
      return {
        ...variant,
        mcp: mcp === null ? null : { ...mcp, seen: before?.mcp?.seen ?? null },
        harness: harness?.kind === 'pytest' ? { ...harness, survey } : harness,
      };
    }),
  };
}

/** Packages are asked again: their requests hang on the manifest alone. What is wrong with them says the next plan. */
async function framed(io: World, experiment: Experiment, manifest: Manifest): Promise<Manifest> {
  if (!hasPackages(manifest)) return manifest;
  const { buildFrames } = await import('../open/frames.ts');
  return (await buildFrames(manifest, { ...experiment, io, folder: 'leave' })).manifest;
}

function warning(what: string): Diagnostic {
  return {
    severity: 'warning',
    code: 'edited-meanwhile',
    message: `experiment.yaml ${what} while the run was going on; every record holds what was really sent`,
    location: null,
    hint: 'npx expgraph plan --explain shows what the edit makes stale',
    related: [],
  };
}

/** Variants and scenarios whose content moved, appeared or went. */
function changedDraws({ parts, manifest }: Experiment, now: Manifest): readonly string[] {
  const idsOf = ({ scenarios }: Manifest): readonly string[] => scenarios.map(({ id }) => id);
  return changedNames(
    digestsOf({ parts, ids: idsOf(manifest) }),
    digestsOf({ parts: fingerprint(now), ids: idsOf(now) }),
  );
}

/** Loaded where there are scorers. */
async function expectations(
  input: Pick<Experiment, 'manifest' | 'variants'>,
): Promise<ReadonlyMap<string, string>> {
  const { expectedOf } = await import('./edited-scores.ts');
  return expectedOf(input);
}

/** A few of them. */
function changedNames(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const shown = names.slice(0, SHOWN);
  return names.length > SHOWN ? [...shown, `and ${names.length - SHOWN} more`] : shown;
}

const SHOWN = 5;

/** A scenario's content depends on what a variant's template lets through: all of its digests count. */
function digestsOf(input: {
  readonly parts: readonly VariantParts[];
  readonly ids: readonly string[];
}): Map<string, string> {
  const digests = new Map<string, string>();
  for (const { name, variant, engine, scenarios } of input.parts) {
    digests.set(`variant ${name}`, `${variant.digest} ${engine.digest}`);
    for (const [i, scenario] of scenarios.entries()) {
      const id = `scenario ${input.ids[i]}`;
      digests.set(id, `${digests.get(id) ?? ''} ${scenario.digest}`);
    }
  }
  return digests;
}
