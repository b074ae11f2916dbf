// What it came to: what can be concluded, rates with both intervals, tests, scores, human judgements, and what it took. Pure.
import { type Compared, isRefused } from '../../analysis/compare/result.ts';
import { compareSheet } from '../compare/sheet.ts';
import type { DocumentBlock } from './document.ts';
import type { ReportFacts } from './facts.ts';
import { humanBlocks } from './human.ts';
import { rateBlocks, testBlocks } from './rates.ts';
import { spentBlocks } from './spent.ts';

export function resultBlocks(facts: ReportFacts): readonly DocumentBlock[] {
  const { pass, score, cells, plots } = facts;
  const main = score ?? pass;
  return [
    ...(main === null ? [NOBODY] : saidBlocks(main)),
    ...(pass === null || cells === null || isRefused(pass)
      ? []
      : [...rateBlocks(pass, cells), ...testBlocks(pass)]),
    ...(score === null || isRefused(score) ? [] : tablesOf(score)),
    ...humanBlocks(facts),
    ...facts.preferred.filter(({ kind }) => kind !== 'title'),
    ...spentBlocks(facts.scenarios),
    ...plots.map((plot) => ({ kind: 'plot', plot }) as const),
  ];
}

const NOBODY: DocumentBlock = {
  kind: 'sentences',
  head: null,
  tone: 'plain',
  sentences: [
    'Nothing judges these answers: there is no expectation, no scorer and no review that was closed.',
  ],
};

/** Sentences of `compare`: what holds, what does not, and what has to be known of it. */
function saidBlocks(compared: Compared): readonly DocumentBlock[] {
  if (isRefused(compared)) {
    const sentences = compared.findings
      .filter(({ severity }) => severity === 'refusal')
      .map(({ message }) => `${message}.`);
    return [{ kind: 'sentences', head: 'Not compared', tone: 'warning', sentences }];
  }
  return compareSheet(compared).flatMap((block) => (block.kind === 'sentences' ? [block] : []));
}

/** Passes have tables of their own above. */
function tablesOf(compared: Compared): readonly DocumentBlock[] {
  const tables = compareSheet(compared).flatMap((block) => (block.kind === 'table' ? [block] : []));
  return tables.map((block, i) =>
    i === 0
      ? {
          ...block,
          head: `Mean scores${compared.scorers.length === 0 ? '' : `, by ${compared.scorers.join(', ')}`}`,
        }
      : block,
  );
}
