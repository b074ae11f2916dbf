// A report before it has a form: headed parts in order, scenarios side by side, and every transcript. Plain data.
import type { Block } from '../../text/sheet.ts';
import type { Plot } from '../plot/plot.ts';
import { consistencyBlocks } from './consistency.ts';
import { type Differing, differing } from './differing.ts';
import type { ReportFacts, ScenarioFacts } from './facts.ts';
import { methodBlocks } from './method.ts';
import { provenanceBlocks } from './provenance.ts';
import { resultBlocks } from './results.ts';
import { reviewBlocks } from './review.ts';
import { warningsOf } from './warnings.ts';

export type DocumentBlock =
  | Exclude<Block, { readonly kind: 'chart' }>
  | { readonly kind: 'plot'; readonly plot: Plot }
  /** To be copied. */
  | { readonly kind: 'code'; readonly text: string };

export type DocumentPart = {
  /** In addresses: `results`. */
  readonly id: 'method' | 'results' | 'consistency' | 'provenance';
  readonly heading: string;
  readonly blocks: readonly DocumentBlock[];
};

export type ReportDocument = {
  readonly title: string;
  readonly description: string | null;
  /** YYYY-MM-DD HH:MM UTC. */
  readonly madeAt: string;
  /** What has to be known before any number is read. */
  readonly warnings: readonly string[];
  readonly parts: readonly DocumentPart[];
  readonly differing: readonly Differing[];
  readonly transcripts: readonly ScenarioFacts[];
  /** Scenarios whose transcripts are left out on request. */
  readonly left: number;
};

export function makeDocument(facts: ReportFacts): ReportDocument {
  const shown = differing(facts.scenarios, facts.most);
  const names = new Set(shown.map(({ scenario }) => scenario));
  const transcripts = facts.onlyDifferences
    ? facts.scenarios.filter(({ scenario }) => names.has(scenario))
    : facts.scenarios;
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
