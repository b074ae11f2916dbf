// expgraph variants: the arms, and in what they differ. Calls nobody, writes nothing.

import type { Variant } from '../../core/manifest.ts';
import { jsonLine } from '../../core/text.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { type Experiment, openExperiment } from '../../project/open/experiment.ts';
import { nearWords } from '../../project/select/unmatched.ts';
import {
  type VariantPair,
  type VariantRow,
  variantDiff,
  variantDiffJson,
  variantTable,
} from '../../report/records/variants.ts';
import { differencesOf, isDeclared } from '../../variants/differences.ts';
import type { Io } from '../io.ts';

export type VariantsOptions = {
  readonly file: string;
  readonly names: readonly string[];
  readonly diff?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
};

export async function variantsCommand(io: Io, options: VariantsOptions): Promise<number> {
  const experiment = await openExperiment(io, options.file);
  const { manifest } = experiment;
  const variants = chosen(manifest.variants, options.names);
  const width = { columns: io.out.columns(), colors: io.out.colors };
  if (!options.diff && !options.check) {
    const rows = variants.map((variant) => rowOf(experiment, variant));
    io.out.write(
      options.json
        ? jsonLine({ experiment: manifest.name, varies: manifest.varies, variants: rows })
        : variantTable(rows, width),
    );
    return 0;
  }
  const [first, ...others] = variants;
  if (others.length === 0)
    throw new CommandError('a difference needs two variants; `npx expgraph variants` lists them');
  const pairs = others.map((other): VariantPair => {
    const found = differencesOf({ from: first!, to: other, providers: manifest.providers });
    return {
      ...{ from: first!.name, to: other.name },
      untold: { from: sendsItsOwn(first!), to: sendsItsOwn(other) },
      differences: found.map((difference) => ({
        ...difference,
        declared: manifest.varies === null ? null : isDeclared(difference, manifest.varies),
      })),
    };
  });
  const view = { experiment: manifest.name, varies: manifest.varies, pairs };
  io.out.write(options.json ? jsonLine(variantDiffJson(view)) : variantDiff(view, width));
  if (!options.check) return 0;
  if (manifest.varies === null)
    throw new CommandError('--check needs "varies:" in the manifest, for example: varies: [tools]');
  return pairs.some(({ differences }) => differences.some(({ declared }) => declared === false)) ? 1 : 0;
}

function sendsItsOwn({ harness }: Variant): boolean {
  return harness !== null && harness.kind !== 'module';
}

/** In the order in which they are named; the first is what the others are held against. */
function chosen(variants: readonly Variant[], names: readonly string[]): readonly Variant[] {
  if (names.length === 0) return variants;
  const known = variants.map((variant) => variant.name);
  const found = names.flatMap((name) => {
    const means = meansVariant([name], known);
    const fitting = variants.filter((variant) => means(variant.name));
    if (fitting.length > 0) return fitting;
    throw new CommandError(`there is no variant ${JSON.stringify(name)}${nearWords(name, known, 'variant')}`);
  });
  return [...new Set(found)];
}

function rowOf(experiment: Experiment, variant: Variant): VariantRow {
  const { name, harness, mcp, model, provider, runs } = variant;
  const kind = harness !== null ? harness.kind : mcp !== null || variant.maxTurns > 1 ? 'loop' : 'call';
  const tools = [...variant.tools, ...(mcp?.seen?.tools ?? [])].map((tool) => tool.name);
  const { digest } = experiment.variants.get(name)!.parts.variant;
  return { name, kind, model, provider, tools, runs, digest };
}
