// What judging will take where nothing was judged yet: how many answers each scorer is about. It needs no digest, no key and
// no index, and a first plan loads nothing of them.
import { asksModel } from '../../core/asking.ts';
import type { Scenario } from '../../core/manifest.ts';
import { pairOf, votesOf } from '../../core/pairs.ts';
import type { Scorer } from '../../core/scoring.ts';
import type { Plan } from '../../core/task.ts';
import type { ScoresAhead } from '../../report/run/scores-ahead.ts';
import { isInScope, referenceFor, rubricFor } from '../../scoring/expectations/expectation.ts';
import { type Experiment, scenarioOf } from '../open/experiment.ts';

export function freshScores(input: { readonly experiment: Experiment; readonly plan: Plan }): ScoresAhead {
  const { experiment, plan } = input;
  const { scorers, providers } = experiment.manifest;
  const rows = scorers.map((scorer) => {
    const votes = votesOf(scorer);
    const isWanted = ({ variant, scenario }: Plan['pending'][number]): boolean =>
      scorer.kind === 'outcome'
        ? experiment.variants.get(variant)?.variant.harness?.kind === 'pytest' &&
          isInScope(scorer.scope, scenarioOf(experiment, scenario))
        : pairOf(scorer)?.against !== variant &&
          scorer.kind !== 'precomputed' &&
          applies(scorer, scenarioOf(experiment, scenario));
    const later = plan.pending.filter(isWanted).length * votes;
    const known = { scorer: scorer.name, now: 0, later };
    if (!asksModel(scorer)) {
      return { ...known, model: null, calls: 0, tokens: 0, costUsd: 0, isSimulated: true };
    }
    const isSimulated = providers[scorer.provider]!.type === 'sim';
    return {
      ...known,
      model: scorer.model,
      calls: later,
      tokens: null,
      costUsd: later === 0 ? 0 : null,
      isSimulated,
    };
  });
  const upcoming = rows.reduce((sum, { later }) => sum + later, 0);
  return { tasks: 0, cached: 0, pending: 0, upcoming, again: null, scorers: rows };
}

/** At most: whether a rule finds its own in what is expected is seen when it judges. */
function applies(scorer: Exclude<Scorer, { kind: 'outcome' | 'precomputed' }>, scenario: Scenario): boolean {
  if (!isInScope(scorer.scope, scenario)) return false;
  if (scorer.kind === 'judge') return rubricFor(scorer, scenario) !== null;
  if (scorer.kind === 'embedding') return referenceFor(scorer, scenario) !== null;
  if (scorer.kind === 'code' || scorer.kind === 'command') return true;
  return scenario.expect !== null || Object.keys(scorer.options).length > 0;
}
