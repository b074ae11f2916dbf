// LangSmith's side of an experiment: the scenarios as a dataset, each variant as an experiment over it. Ids are made of
// names, so that the same thing is the same on every machine and at every time. Pure.
import { digestOf } from '../../core/canonical.ts';
import type { Scenario, Variant } from '../../core/manifest.ts';
import { type Facts, nameId } from '../../core/trace.ts';
import type { ShieldedValues } from '../spans/shield.ts';

export type Dataset = {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly examples: readonly Example[];
};

export type Example = {
  readonly id: string;
  readonly inputs: unknown;
  readonly outputs: unknown;
  readonly metadata: { readonly [name: string]: string | readonly string[] };
  readonly split: string;
};

export type Experiment = {
  readonly id: string;
  readonly name: string;
  readonly dataset: string;
  readonly metadata: Facts;
  readonly examples: number;
  readonly repetitions: number;
};

/** Of an example's content: a changed scenario is a changed example of the same id. */
export const DIGEST = 'expgraph_digest';

export function datasetOf(input: {
  readonly name: string;
  readonly description: string | null;
  readonly scenarios: readonly Scenario[];
  readonly shielded: ShieldedValues;
}): Dataset {
  const { name, shielded } = input;
  return {
    id: nameId('dataset', name),
    name,
    description: shielded.text(input.description ?? 'Scenarios of an expgraph experiment'),
    examples: input.scenarios.map((scenario) => exampleOf({ dataset: name, scenario, shielded })),
  };
}

export function exampleId(dataset: string, scenario: string): string {
  return nameId('example', dataset, scenario);
}

function exampleOf(context: {
  readonly dataset: string;
  readonly scenario: Scenario;
  readonly shielded: ShieldedValues;
}): Example {
  const { shielded } = context;
  const { id, input, vars, expect, category, tags, description } = context.scenario;
  const inputs = shielded.inputs({ input, ...(Object.keys(vars).length === 0 ? {} : { vars }) });
  const outputs = expect === null ? null : shielded.outputs({ expect });
  const facts = {
    scenario: shielded.text(id),
    ...(category === null ? {} : { category: shielded.text(category) }),
    ...(description === null ? {} : { description: shielded.text(description) }),
    ...(tags.length === 0 ? {} : { tags: tags.map(shielded.text) }),
  };
  return {
    id: exampleId(context.dataset, id),
    inputs,
    outputs,
    metadata: { ...facts, [DIGEST]: digestOf({ inputs, outputs, facts }) },
    split: facts.category ?? 'base',
  };
}

/**
 * One experiment is one content of a variant: after an edit it is another one, to be compared with the first. Drawing the
 * same content again adds repetitions.
 */
export function experimentId(input: {
  readonly dataset: string;
  readonly variant: string;
  readonly digest: string;
}): string {
  return nameId('experiment', input.dataset, input.variant, input.digest);
}

export function experimentOf(input: {
  readonly dataset: string;
  readonly variant: Variant;
  /** Of everything that makes the variant's answers what they are. */
  readonly digest: string;
  readonly scenarios: number;
  /** As its spans call it. */
  readonly provider: string;
  readonly facts: Facts;
}): Experiment {
  const { dataset, variant, digest } = input;
  return {
    id: experimentId({ dataset, variant: variant.name, digest }),
    name: `${dataset}/${variant.name}-${digest.slice(0, 8)}`,
    dataset,
    metadata: {
      ...input.facts,
      variant: variant.name,
      variant_digest: digest,
      models: variant.model,
      provider: input.provider,
      tools: variant.tools.map(({ name }) => name).join(', '),
      ...(variant.temperature === null ? {} : { temperature: variant.temperature }),
    },
    examples: input.scenarios,
    repetitions: variant.runs,
  };
}
