// Whether the models that an experiment asks are in the list that their endpoint tells, which costs nothing to ask.
import { nearest } from '../../core/nearest.ts';
import type { Experiment } from '../open/experiment.ts';

/** More names than these nobody reads. */
const MOST_NAMES = 8;

export type ModelFinding = { readonly model: string; readonly advice: string };

/** Models of variants and judges that are asked there and are not in its list. */
export function unlisted(
  { manifest }: Pick<Experiment, 'manifest'>,
  input: { readonly provider: string; readonly models: readonly string[] },
): readonly ModelFinding[] {
  const { models } = input;
  if (models.length === 0) return [];
  return [...askedModels(manifest, input.provider)]
    .filter((model) => !models.some((name) => isSame(name, model)))
    .map((model) => {
      const guess = longerName(model, models) ?? nearest(model, models);
      const some = models.slice(0, MOST_NAMES).join(', ');
      const more = models.length > MOST_NAMES ? ', ...' : '';
      return { model, advice: guess === null ? `it lists: ${some}${more}` : `did you mean ${guess}?` };
    });
}

/** `qwen3` for `qwen3:8b`, `gpt-4.1` for `gpt-4.1-2025-04-14`: a name without its size or date. null = there is none, or several. */
function longerName(model: string, models: readonly string[]): string | null {
  const longer = models.filter((name) => name.startsWith(model) && /^[:@-]/.test(name.slice(model.length)));
  return longer.length === 1 ? longer[0]! : null;
}

function* askedModels(manifest: Experiment['manifest'], provider: string): Generator<string> {
  const seen = new Set<string>();
  const judges = manifest.scorers.flatMap((scorer) => (scorer.kind === 'judge' ? [scorer] : []));
  const variants = manifest.variants.filter(({ harness }) => harness === null);
  for (const { provider: whose, model } of [...variants, ...judges]) {
    if (whose !== provider || seen.has(model)) continue;
    seen.add(model);
    yield model;
  }
}

/** `llama3` is `llama3:latest`, and Gemini's list says `models/` before each name. */
function isSame(listed: string, model: string): boolean {
  return listed === model || listed === `${model}:latest` || listed === `models/${model}`;
}
