// Facts -> a report. Pure.
import { consistencyBlocks } from './consistency.ts';
import { differing } from './differing.ts';
import type { ReportDocument } from './document.ts';
import type { ReportFacts, ScenarioFacts } from './facts.ts';
import { methodBlocks } from './method.ts';
import { provenanceBlocks } from './provenance.ts';
import { resultBlocks } from './results.ts';
import { reviewBlocks } from './review.ts';
import { warningsOf } from './warnings.ts';

export function makeDocument(facts: ReportFacts): ReportDocument {
  const shown = differing(facts.scenarios, facts.most);
  const names = new Set(shown.map(({ scenario }) => scenario));
  const transcripts = fitting(
    facts.onlyDifferences ? facts.scenarios.filter(({ scenario }) => names.has(scenario)) : facts.scenarios,
  );
  return {
    title: `${facts.experiment}: report`,
    description: facts.description,
    madeAt: `${facts.madeAt.slice(0, 16).replace('T', ' ')} UTC`,
    warnings: warningsOf(facts),
    parts: [
      { id: 'results', heading: 'Results', blocks: resultBlocks(facts) },
      { id: 'consistency', heading: 'Consistency', blocks: consistencyBlocks(facts.scenarios) },
      { id: 'method', heading: 'Method', blocks: [...methodBlocks(facts), ...reviewBlocks(facts)] },
      { id: 'provenance', heading: 'Provenance', blocks: provenanceBlocks(facts) },
    ],
    differing: shown,
    transcripts,
    left: facts.scenarios.length - transcripts.length,
  };
}

/** A file that no browser opens shows nobody anything. */
const MOST_CHARS = 64_000_000;

function fitting(scenarios: readonly ScenarioFacts[]): readonly ScenarioFacts[] {
  let chars = 0;
  const over = scenarios.findIndex((one) => {
    chars += JSON.stringify(one).length;
    return chars > MOST_CHARS;
  });
  return over === -1 ? scenarios : scenarios.slice(0, over);
}
