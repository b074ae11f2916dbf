// The arms of an experiment, and in what they differ. Calls nobody, writes nothing.
import type { Json } from '../../core/json.ts';
import type { Variant } from '../../core/manifest.ts';
import { meansVariant } from '../../core/variant-names.ts';
import { differencesOf, isDeclared } from '../../variants/differences.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import { nearWords } from '../select/unmatched.ts';

export type VariantsInput = {
  readonly experiment: Experiment;
  /** Names or patterns, in the order that counts; none = all, as the manifest has them. */
  readonly names: readonly string[];
};

export type VariantFacts = {
  readonly name: string;
  /** `call`: one question, one answer; `loop`: a conversation with tools; else what kind of harness. */
  readonly kind: string;
  readonly model: string;
  readonly provider: string;
  /** Names, those of an MCP server among them where it was asked. */
  readonly tools: readonly string[];
  readonly runs: number;
  /** Of all that can reach a model. */
  readonly digest: string;
};

/** @throws CommandError where a name means no variant */
export function listVariants({ experiment, names }: VariantsInput): readonly VariantFacts[] {
  return chosen(experiment.manifest.variants, names).map((variant) => factsOf(experiment, variant));
}

export type VariantPair = {
  readonly from: string;
  readonly to: string;
  /** Whose work is a program's or a test's: what it sends is its own affair. */
  readonly untold: { readonly from: boolean; readonly to: boolean };
  readonly differences: readonly {
    readonly path: string;
    readonly from: Json | undefined;
    readonly to: Json | undefined;
    /** Whether `varies` of the manifest names it; null = the manifest has no `varies`. */
    readonly declared: boolean | null;
  }[];
};

/** The first against each of the others. @throws CommandError where a name means no variant, or there is only one */
export function diffVariants({ experiment, names }: VariantsInput): readonly VariantPair[] {
  const { variants, providers, varies } = experiment.manifest;
  const [first, ...others] = chosen(variants, names);
  if (others.length === 0)
    throw new CommandError('a difference needs two variants; `npx expgraph variants` lists them');
  return others.map((other) => ({
    from: first!.name,
    to: other.name,
    untold: { from: sendsItsOwn(first!), to: sendsItsOwn(other) },
    differences: differencesOf({ from: first!, to: other, providers }).map((difference) => ({
      ...difference,
      declared: varies === null ? null : isDeclared(difference, varies),
    })),
  }));
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

function factsOf(experiment: Experiment, variant: Variant): VariantFacts {
  const { name, harness, mcp, model, provider, runs } = variant;
  const kind = harness !== null ? harness.kind : mcp !== null || variant.maxTurns > 1 ? 'loop' : 'call';
  const tools = [...variant.tools, ...(mcp?.seen?.tools ?? [])].map((tool) => tool.name);
  const { digest } = experiment.variants.get(name)!.parts.variant;
  return { name, kind, model, provider, tools, runs, digest };
}
