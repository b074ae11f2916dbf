// What `compare` shows, before it has a form: tables, intervals, marks, words, lists of cells. Pure.

import { clusterSentences } from '../../analysis/compare/cluster.ts';
import { formatPWords, markSigns } from '../../analysis/compare/numbers.ts';
import { type Compared, type Finding, isAlone } from '../../analysis/compare/result.ts';
import { looksBlocks } from '../../analysis/compare/until.ts';
import { fitNames } from '../../core/names.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatCount } from '../../text/format.ts';
import type { Block } from '../../text/sheet.ts';
import { aloneTable } from './alone.ts';
import { armsChart, differencesChart } from './charts.ts';
import { movedBlocks } from './moved-sheet.ts';
import { passKBlocks } from './pass-k-table.ts';
import { armsTable, differencesTable } from './tables.ts';
import { conclusionsOf, groupName, type Names, NOUNS } from './words.ts';

/** Names in sentences and pictures; tables cut their own. */
const NAME_WIDTH = 44;

export function compareSheet(compared: Compared): readonly Block[] {
  const names = compared.arms.map(({ name }) => sanitizeLine(name));
  const fitted = fitNames(names, NAME_WIDTH);
  const nameOf: Names = (arm) => fitted.get(names[arm]!)!;
  const { can, cannot } = conclusionsOf(compared, nameOf);
  const alone = isAlone(compared);
  const inPairs = new Set(compared.pairs.flatMap(({ first, second }) => [first, second]));
  const shown = alone ? [0] : [...inPairs].sort((a, b) => a - b);
  return [
    { kind: 'title', text: titleOf(compared) },
    ...warnings(
      'First of all',
      compared.findings.filter(({ isFirst }) => isFirst),
    ),
    armsTable(compared, shown),
    { kind: 'chart', chart: armsChart(compared, shown) },
    ...(alone ? aloneTable(compared, groupName) : [differencesTable(compared, nameOf)]),
    ...differencesChart(compared, nameOf),
    ...passKBlocks(compared, { shown, nameOf }),
    ...looksBlocks(compared, nameOf),
    ...passTests(compared, nameOf),
    ...sentences('Clusters', clusterSentences(compared)),
    ...footnotes(compared.findings),
    ...sentences('What this says', can),
    ...sentences('What it cannot say', cannot),
    ...warnings(
      'Beware',
      compared.findings.filter(({ isFirst }) => !isFirst),
    ),
    ...compared.pairs.flatMap((pair) => movedBlocks(pair, compared)),
  ];
}

/** What is printed instead where the gate is closed. */
export function refusalSentences(findings: readonly Finding[]): readonly string[] {
  return findings
    .filter(({ severity }) => severity === 'refusal')
    .map((finding) => {
      const cells = finding.cells.length === 0 ? '' : ` (${cellsWords(finding)})`;
      return `${finding.message}${cells}.${finding.hint === null ? '' : ` ${capital(finding.hint)}.`}`;
    });
}

function titleOf({ metric, scorers, experiment, between, isFirstDraws }: Compared): string {
  const judged = scorers.length === 0 ? '' : `, by ${scorers.join(', ')}`;
  return `${experiment}: ${NOUNS[metric]}${judged}${between === 'moments' ? ', over time' : ''}${isFirstDraws ? ', first draws' : ''}`;
}

function passTests(compared: Compared, nameOf: Names): readonly Block[] {
  const lines = compared.pairs.flatMap(({ first, second, difference, marks }) => {
    if (!difference?.passTests) return [];
    const { mcnemar, fisher } = difference.passTests;
    const signs = markSigns(marks);
    const share = (input: { readonly passed: number; readonly failed: number }): string =>
      `${input.passed} of ${input.passed + input.failed}${signs}`;
    return `${nameOf(first)} passes ${share(fisher.first)}, ${nameOf(second)} ${share(fisher.second)}; only the first ${mcnemar.onlyFirst}${signs}, only the second ${mcnemar.onlySecond}${signs}. McNemar exact ${formatPWords(mcnemar.p)}${signs}, Fisher exact (unpaired) ${formatPWords(fisher.p)}${signs}.`;
  });
  return sentences('Scenarios passed in more than half of their runs', lines);
}

function footnotes(findings: readonly Finding[]): readonly Block[] {
  const marked = findings.filter(({ mark }) => mark !== null);
  const lines = marked.map((finding) => {
    const { mark, message, hint } = finding;
    return `${markSigns([mark!])} ${message}${hint === null ? '' : `; ${hint}`}.`;
  });
  if (lines.length === 0) return [];
  return [{ kind: 'sentences', head: 'Marked numbers', tone: 'warning', sentences: lines }];
}

function warnings(head: string, findings: readonly Finding[]): readonly Block[] {
  const lines = findings
    .filter(({ severity, mark }) => severity === 'warning' && mark === null)
    .map(({ message, hint }) => `${message}${hint === null ? '' : `: ${hint}`}.`);
  return lines.length === 0 ? [] : [{ kind: 'sentences', head, tone: 'warning', sentences: lines }];
}

function sentences(head: string, lines: readonly string[]): readonly Block[] {
  return lines.length === 0 ? [] : [{ kind: 'sentences', head, tone: 'plain', sentences: lines }];
}

/** In a sentence; the document has more of them. */
const MAX_IN_SENTENCE = 3;

function cellsWords({ cells, count }: Finding): string {
  const some = cells.slice(0, MAX_IN_SENTENCE);
  return some.join(', ') + (count > some.length ? ` and ${formatCount(count - some.length)} more` : '');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
