// What scores hang on beside answers, by name: to say what an edit moved.
import { meaningOf } from '../../core/meaning.ts';
import type { Experiment } from '../open/experiment.ts';
import { isRule, readyScorers } from '../select/scorers.ts';

/** Digests of scorers, and of what is expected of each scenario by all of them. */
export function expectedOf({
  manifest,
  variants,
}: Pick<Experiment, 'manifest' | 'variants'>): ReadonlyMap<string, string> {
  const digests = new Map<string, string>();
  const scenarioIndex = new Map(manifest.scenarios.map(({ id }, i) => [id, i]));
  for (const { scorer, part, engine, expectation } of readyScorers({ manifest, variants, scenarioIndex })) {
    digests.set(
      `scorer ${scorer.name}`,
      `${part.digest} ${engine.digest} ${JSON.stringify(meaningOf(scorer))}`,
    );
    for (const { id } of manifest.scenarios) {
      const name = `what scenario ${id} expects`;
      for (const variant of isRule(scorer) ? variants.keys() : ['']) {
        const digest = expectation({ variant, scenario: id })?.part.digest ?? 'nothing';
        digests.set(name, `${digests.get(name) ?? ''} ${digest}`);
      }
    }
  }
  return digests;
}
