// From an experiment and a plan to its estimate: history first, counted prompts where there is none.
import type { StoreReader } from '../../cache/store.ts';
import type { Digest } from '../../core/brand.ts';
import { asksForHour, longestAnswer } from '../../core/call-size.ts';
import { sumUsage } from '../../core/conversation.ts';
import type { Estimate } from '../../core/estimate.ts';
import type { Json } from '../../core/json.ts';
import type { Price, Variant } from '../../core/manifest.ts';
import { withoutHour } from '../../core/rates.ts';
import type { Plan, Task } from '../../core/task.ts';
import { estimate, tasksToCount } from '../../planner/estimate.ts';
import { type Experiment, priceOf, providerOf, todaysContent } from '../open/experiment.ts';
import { goneOnFrom } from '../select/paid.ts';

export async function estimateExperiment(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'history' | 'part' | 'paidTurns'>;
  readonly plan: Plan;
  /** Whether conversations begin anew. */
  readonly force: boolean;
}): Promise<Estimate> {
  const { experiment, store, plan } = input;
  const evidence = {
    history: store.history,
    isComparable: makeIsComparable(experiment, store),
    paidOf: (task: Task) =>
      mayCallAgain(experiment.variants.get(task.variant)!.variant)
        ? paidOf(store, { task, force: input.force })
        : null,
  };
  // What a program asks is its own affair: its prompts cannot be counted.
  const isCountable = (task: Task): boolean => asksUs(experiment.variants.get(task.variant)!.variant);
  const unknown = tasksToCount(plan, evidence).filter(isCountable);
  // A plan whose every prompt has a history loads nothing for counting.
  const counted =
    unknown.length === 0
      ? { countedOf: () => UNCOUNTED, isSampled: false }
      : await (await import('./prompt-tokens.ts')).countPrompts(experiment, unknown);
  return estimate(plan, {
    ...evidence,
    ...counted,
    countedOf: (task) => (isCountable(task) ? counted.countedOf(task) : UNCOUNTED),
    variantOf: (name) => {
      const { variant } = experiment.variants.get(name)!;
      return {
        model: variant.model,
        price: priceAsked(experiment, variant),
        maxOutputTokens: mayCallAgain(variant)
          ? null
          : longestAnswer(variant.params, variant.maxOutputTokens),
        mayCallAgain: mayCallAgain(variant),
        isSimulated: providerOf(experiment, name).type === 'sim',
        isLocal: priceOf(experiment, name)?.isAssumed === true,
      };
    },
  });
}

/** The price of an hour in the vendor's cache bounds only what asks for one. */
function priceAsked(experiment: Experiment, variant: Variant): Price | null {
  const price = priceOf(experiment, variant.name);
  if (price === null || (price.cacheWrite1h ?? price.above?.cacheWrite1h) === undefined) return price;
  const { params, template, tools } = variant;
  const conversations = experiment.manifest.scenarios.flatMap(({ input }) =>
    typeof input === 'string' ? [] : [input],
  );
  return asksForHour([params, template, tools, conversations]) ? price : withoutHour(price);
}

function paidOf(
  store: Pick<StoreReader, 'paidTurns'>,
  context: { readonly task: Task; readonly force: boolean },
): { readonly input: number; readonly output: number } | null {
  const usage = sumUsage(goneOnFrom(store, context).map((turn) => turn.usage));
  return usage && { input: usage.inputTokens, output: usage.outputTokens };
}

const UNCOUNTED = { by: 'tokenizer', tokens: null } as const;

function asksUs({ harness }: Variant): boolean {
  return harness === null || harness.kind === 'module';
}

function mayCallAgain({ harness, maxTurns }: Variant): boolean {
  return harness !== null || maxTurns > 1;
}

/** What a simulation played says nothing about a model's tokens, and the other way round. */
function makeIsComparable(
  experiment: Experiment,
  store: Pick<StoreReader, 'part'>,
): (engine: Digest, other: Digest) => boolean {
  const today = todaysContent(experiment);
  const types = new Map<Digest, Json | undefined>();
  const isSimulation = (engine: Digest): boolean => {
    if (!types.has(engine)) types.set(engine, (today(engine) ?? store.part(engine))?.type);
    return types.get(engine) === 'sim';
  };
  return (engine, other) => engine === other || isSimulation(engine) === isSimulation(other);
}
