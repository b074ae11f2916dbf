// All that decides which cells a manifest has, under which names and keys, in one digest: by its variants and its scenarios,
// which are few beside the cells that they make.
import { sha256Of } from '../../core/canonical.ts';
import type { Part } from '../../core/task.ts';
import { KEY_VERSION } from '../../planner/key.ts';
import type { Experiment } from '../open/experiment.ts';

export function cellsDigest({ manifest, parts }: Pick<Experiment, 'manifest' | 'parts'>): string {
  return sha256Of(textsOf({ manifest, parts }));
}

function* textsOf({ manifest, parts }: Pick<Experiment, 'manifest' | 'parts'>): Generator<string> {
  // Variants that let the same of a scenario through share one list.
  const lists = new Map<readonly Part[], number>();
  for (const [i, { name, runs, variant, engine, scenarios, without }] of parts.entries()) {
    const list = lists.get(scenarios) ?? lists.size;
    lists.set(scenarios, list);
    const { slug } = manifest.variants[i]!;
    const left = [...(without ?? [])];
    yield `${JSON.stringify([KEY_VERSION, name, slug, runs, variant.digest, engine.digest, list, left])}\n`;
  }
  for (const scenarios of lists.keys()) yield `${scenarios.map(({ digest }) => digest).join(' ')}\n`;
  // Names hold no control character, so NUL keeps them apart; no category is not the category of no letter.
  yield manifest.scenarios
    .map(({ id, category }) => (category === null ? id : `${id}\0${category}`))
    .join('\n');
}
