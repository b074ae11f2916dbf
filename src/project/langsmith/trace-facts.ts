// What a trace says of itself: the same facts as metadata of every span, few of them as tags.
import { digestOf } from '../../core/canonical.ts';
import type { InvocationRecord } from '../../core/record.ts';
import type { Facts } from '../../core/trace.ts';
import type { VariantParts } from '../../variants/fingerprint.ts';

export type TaskFacts = {
  readonly key: string;
  readonly variant: string;
  readonly scenario: string;
  readonly category: string | null;
  readonly run: number;
  readonly attempt: number;
};

export type RunFacts = Pick<InvocationRecord, 'experiment' | 'invocation' | 'git' | 'expgraph'>;

export function factsOf(task: TaskFacts, run: RunFacts): Facts {
  return {
    experiment: run.experiment,
    invocation: run.invocation,
    variant: task.variant,
    scenario: task.scenario,
    ...(task.category === null ? {} : { category: task.category }),
    run: task.run,
    attempt: task.attempt,
    key: task.key,
    ...(run.git === null ? {} : { git_commit: run.git.commit, git_dirty: run.git.dirty }),
    expgraph_version: run.expgraph,
  };
}

/** On roots only, and few: everything else is filtered by metadata. */
export function tagsOf(input: {
  readonly experiment: string;
  readonly variant: string;
  readonly run: number;
}): readonly string[] {
  return ['expgraph', `experiment:${input.experiment}`, `variant:${input.variant}`, `run:${input.run}`];
}

/** One attempt of one invocation. Ids of traces are made of it: never change it. */
export function attemptSeed(input: {
  readonly experiment: string;
  readonly invocation: string;
  readonly key: string;
  readonly attempt: number;
}): string {
  return JSON.stringify(['expgraph-trace', input.experiment, input.invocation, input.key, input.attempt]);
}

/** Of all that makes a variant's answers what they are, but for the scenario. */
export function contentDigest({ variant, engine }: VariantParts): string {
  return digestOf([variant.digest, engine.digest]);
}
