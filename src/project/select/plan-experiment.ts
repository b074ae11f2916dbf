// From an experiment and what is kept to a plan, and to the cells that the view shows.
import type { StoreReader, ViewCell, ViewCells } from '../../cache/store.ts';
import { asDigest } from '../../core/brand.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { AnyRecord } from '../../core/record.ts';
import { type Filter, NO_FILTER, type Plan } from '../../core/task.ts';
import { makeSampleKeys, sampleKey } from '../../planner/key.ts';
import { type ChosenCell, cellsInScope, plan } from '../../planner/plan.ts';
import { scoreKey } from '../../planner/score-key.ts';
import { askedAgainSentence, drawnAgain } from '../../report/words/drawn-again.ts';
import { inVersion1, isOfVersion, outgrown } from '../../variants/upgrade.ts';
import { type Experiment, todaysContent } from '../open/experiment.ts';
import { isEverything } from '../open/filters.ts';
import { sourcesFor } from '../open/test-sources.ts';
import { cellsDigest } from './cells-digest.ts';
import { checkFilter } from './unmatched.ts';

export async function planExperiment(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'history' | 'part' | 'measures' | 'row' | 'records'>;
  readonly filter: Filter;
  readonly force: boolean;
  /** Cells that the filter means by what became of them; left out = as they stand now. */
  readonly chosen?: ChosenCell;
  /** Whether the filters mean something that is no cell of the manifest, as imported answers; left out = it does not matter. */
  readonly elsewhere?: () => boolean;
}): Promise<Plan> {
  const { experiment, store, filter } = input;
  checkFilter(experiment, filter, input.elsewhere);
  const today = todaysContent(experiment);
  const chosen = input.chosen ?? (await chosenByVerdict(input));
  return plan({
    experiment: experiment.manifest.name,
    variants: experiment.parts,
    scenarios: experiment.manifest.scenarios,
    filter,
    ...(chosen ? { chosen } : {}),
    force: input.force,
    seed: experiment.manifest.variants[0]?.seed ?? 0,
    history: store.history,
    content: (digest) => today(digest) ?? store.part(digest),
    version1: {
      contentOf: inVersion1,
      isOfVersion: (change, variant) => isOfVersion(change, { isPytest: isPytest(variant) }),
    },
    outgrown,
    sourceOf: sourcesFor(experiment),
  });
}

/** Nothing of scoring is loaded where no filter asks for it. */
async function chosenByVerdict(input: {
  readonly experiment: Experiment;
  readonly store: Pick<StoreReader, 'history' | 'measures' | 'row' | 'records'>;
  readonly filter: Filter;
}): Promise<ChosenCell | undefined> {
  if (!input.filter.failed && !input.filter.notPassed && !input.filter.differs) return undefined;
  return (await import('./outcomes.ts')).chooseByVerdict(input);
}

/** What is drawn again because keys hold more than they did, in one sentence. */
export function againNote(plan: Pick<Plan, 'pending'>): readonly Diagnostic[] {
  const message = askedAgainSentence(drawnAgain(plan));
  if (message === null) return [];
  const hint = 'npx expgraph plan --explain shows which; docs/keys.md says what is in a key';
  return [{ severity: 'note', code: 'keys-grown', message, hint, location: null, related: [] }];
}

function isPytest(variant: JsonObject | undefined): boolean {
  return isJsonObject(variant?.harness) && variant.harness.kind === 'pytest';
}

/** Every cell of the manifest, whatever the filters: the view is about all of them. Can be walked again and again. */
export function viewCells(
  experiment: Experiment,
  known: { readonly plan: Plan; readonly filter: Filter } | null,
): ViewCells {
  const slugs = new Map(experiment.manifest.variants.map((variant) => [variant.name, variant.slug]));
  const whole = known && isEverything(known.filter) ? known.plan.tasks : null;
  return {
    digest: () => cellsDigest(experiment),
    *[Symbol.iterator]() {
      for (const { variant, scenario, run, category, key } of whole ?? allCells(experiment)) {
        yield { variant, scenario, run, category, key, slug: slugs.get(variant)! };
      }
    },
  };
}

/** Every cell of the manifest with its key. */
export function* allCells(experiment: Experiment): Generator<Omit<ViewCell, 'slug'>> {
  const input = { variants: experiment.parts, scenarios: experiment.manifest.scenarios, filter: NO_FILTER };
  const keyOf = makeSampleKeys();
  for (const { variant, scenario, run, category, parts } of cellsInScope(input)) {
    yield { variant, scenario, run, category, key: keyOf(parts, run) };
  }
}

export function countCells(experiment: Experiment): number {
  const input = { variants: experiment.parts, scenarios: experiment.manifest.scenarios, filter: NO_FILTER };
  let count = 0;
  for (const _ of cellsInScope(input)) count++;
  return count;
}

/** The key that a record should have by its own parts and run; of a score by its parts, its output and its vote. */
export function keyOfRecord(record: AnyRecord): string {
  const parts = {
    variant: asDigest(record.parts.variant),
    scenario: asDigest(record.parts.scenario),
    engine: asDigest(record.parts.engine),
  };
  if (record.type !== 'score') return sampleKey(parts, record.run);
  return scoreKey({ parts, output: asDigest(record.output_digest), vote: record.vote });
}
