// What `compare` shows, before it has a form: tables, intervals, marks, words, lists of cells. Pure.
import { fitNames } from '../core/names.ts';
import { sanitizeLine } from '../core/text.ts';
import { formatAmount, formatCount } from '../progress/format.ts';
import { momentName } from './compare-input.ts';
import {
  formatDifference,
  formatEffect,
  formatInterval,
  formatMetric,
  formatP,
  formatPWords,
  markSigns,
} from './compare-numbers.ts';
import type {
  Compared,
  ComparedArm,
  ComparedPair,
  Difference,
  Finding,
  Mark,
  Moved,
} from './compare-result.ts';
import { conclusionsOf, groupName, type Names, NOUNS } from './compare-words.ts';
import type { Column, Row } from './layout.ts';
import { type Block, type Chart, listOf } from './sheet.ts';

/** Names in sentences and pictures; tables cut their own. */
const NAME_WIDTH = 44;
const CHART_NAME = 30;

/** As many cells as a reader opens. */
const MAX_LISTED = 20;

export function compareSheet(compared: Compared): readonly Block[] {
  const names = compared.arms.map(({ name }) => sanitizeLine(name));
  const fitted = fitNames(names, NAME_WIDTH);
  const nameOf: Names = (arm) => fitted.get(names[arm]!)!;
  const { can, cannot } = conclusionsOf(compared, nameOf);
  const shown = [...new Set(compared.pairs.flatMap(({ first, second }) => [first, second]))].sort(
    (a, b) => a - b,
  );
  return [
    { kind: 'title', text: titleOf(compared) },
    armsTable(compared, shown),
    { kind: 'chart', chart: armsChart(compared, shown) },
    differencesTable(compared, nameOf),
    ...differencesChart(compared, nameOf),
    ...passTests(compared, nameOf),
    ...footnotes(compared.findings),
    ...sentences('What this says', can),
    ...sentences('What it cannot say', cannot),
    ...warnings(compared.findings),
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

function titleOf({ metric, scorers, experiment, between }: Compared): string {
  const judged = scorers.length === 0 ? '' : `, by ${scorers.join(', ')}`;
  return `${experiment}: ${NOUNS[metric]}${judged}${between === 'moments' ? ', over time' : ''}`;
}

function armsTable(compared: Compared, shown: readonly number[]): Block {
  const { metric } = compared;
  const arms = shown.map((at) => compared.arms[at]!);
  const hasPassK = arms.some(({ passK }) => (passK?.length ?? 0) > 1);
  const isLacking = arms.some((arm) => leftOut(arm) > 0);
  const columns: Column[] = [
    { head: 'arm', shrinksTo: 16, cut: 'names' },
    { head: 'scenarios', shortHead: 'scen.', align: 'right' },
    { head: 'cells', align: 'right' },
    ...(isLacking ? [{ head: 'left\nout', align: 'right' } as const] : []),
    { head: 'mean', align: 'right' },
    { head: '95 % CI', align: 'right' },
    { head: 'same answer\nin every run', shortHead: 'same\nanswer', align: 'right' },
    ...(hasPassK
      ? ([
          { head: 'pass@k', align: 'right' },
          { head: 'pass^k', align: 'right' },
        ] as const)
      : []),
  ];
  const rows = arms.map((arm): Row => {
    const { summary, answeredAlike, passK } = arm;
    const signs = markSigns(arm.marks);
    const value = (number: number): string => formatMetric(metric, number);
    const last = passK?.at(-1);
    const cells = [
      arm.name,
      summary ? formatCount(summary.scenarios) + signs : '0',
      summary ? formatCount(summary.values) + signs : '0',
      ...(isLacking ? [formatCount(leftOut(arm))] : []),
      summary ? value(summary.mean) + signs : '-',
      summary ? formatInterval(summary.interval, value) + signs : '-',
      answeredAlike.of === 0
        ? '-'
        : `${formatCount(answeredAlike.alike)} of ${formatCount(answeredAlike.of)}${signs}`,
      ...(hasPassK
        ? [
            last ? `${last.at.toFixed(3)} k=${last.k}${signs}` : '-',
            last ? `${last.hat.toFixed(3)} k=${last.k}${signs}` : '-',
          ]
        : []),
    ];
    return { kind: 'cells', cells };
  });
  return { kind: 'table', head: null, columns, rows };
}

function leftOut({ cells, summary }: ComparedArm): number {
  return cells - (summary?.values ?? 0);
}

const DIFFERENCES: readonly Column[] = [
  { head: 'scenarios', shortHead: 'scen.', align: 'right' },
  { head: 'mean', align: 'right' },
  { head: '95 % CI', align: 'right' },
  { head: 'p', align: 'right' },
  { head: 'effect', align: 'right' },
  { head: 'up/down/\nsame', align: 'right' },
  { head: 'could\nfind', align: 'right' },
];

function differencesTable(compared: Compared, nameOf: Names): Block {
  const [pair] = compared.pairs;
  const head =
    compared.between === 'moments' || !pair
      ? 'difference'
      : `difference from\n${fitNames([nameOf(pair.first)], 24).get(nameOf(pair.first))}`;
  const name: Column = { head, shrinksTo: 16, cut: 'names' };
  const rows = compared.pairs.flatMap((pair): readonly Row[] => {
    const name = pairName(pair, compared);
    const overall = differenceRow(pair.difference, { name, compared, marks: pair.marks, tone: 'strong' });
    const groups = pair.groups.map(({ name: group, difference }) =>
      differenceRow(difference, {
        name: `  ${groupName(group)}`,
        compared,
        marks: pair.marks,
        tone: 'plain',
      }),
    );
    return [overall, ...groups];
  });
  return { kind: 'table', head: null, columns: [name, ...DIFFERENCES], rows };
}

/** Between variants the head says from what. */
function pairName({ first, second }: ComparedPair, compared: Compared): string {
  const [before, after] = [compared.arms[first]!, compared.arms[second]!];
  if (compared.between === 'variants') return after.name;
  return `${after.variant}: ${momentName(after.at ?? 'now')} - ${momentName(before.at ?? 'now')}`;
}

function differenceRow(
  difference: Difference | null,
  at: {
    readonly name: string;
    readonly compared: Compared;
    readonly marks: readonly Mark[];
    readonly tone: 'strong' | 'plain';
  },
): Row {
  if (difference === null)
    return { kind: 'cells', cells: [at.name, '0', ...DIFFERENCES.slice(1).map(() => '-')], tone: 'weak' };
  const { comparison, adjustedP } = difference;
  const { metric } = at.compared;
  const signs = markSigns(at.marks);
  const signed = (value: number): string => formatDifference(metric, value);
  const { better, worse, same } = comparison.signs;
  const { detectable } = comparison.power;
  const cells = [
    formatCount(comparison.pairs),
    signed(comparison.difference),
    formatInterval(comparison.interval, signed),
    formatP(adjustedP),
    formatEffect(comparison.effect),
    `${better}/${worse}/${same}`,
    detectable > 0 ? formatMetric(metric, detectable) : '-',
  ];
  return {
    kind: 'cells',
    cells: [at.name, ...cells.map((cell) => (cell === '-' ? cell : cell + signs))],
    tone: at.tone,
  };
}

function armsChart({ arms, metric, between }: Compared, shown: readonly number[]): Chart {
  const names = fitNames(
    shown.map((at) => arms[at]!.name),
    CHART_NAME,
  );
  const format = (value: number): string => formatMetric(metric, value);
  const rows = shown.flatMap((at) => {
    const { summary, marks } = arms[at]!;
    if (!summary) return [];
    const text = `${format(summary.mean)} (${formatInterval(summary.interval, format)})${markSigns(marks)}`;
    return { name: names.get(arms[at]!.name)!, ...summary.interval, middle: summary.mean, text };
  });
  const noun = NOUNS[metric];
  return {
    head: `${capital(noun)} of each arm${between === 'moments' ? ' at each moment' : ''}, 95 % intervals`,
    rows,
    zero: null,
    format,
  };
}

function differencesChart(compared: Compared, nameOf: Names): readonly Block[] {
  if (compared.pairs.length === 0) return [];
  const format = (value: number): string => formatDifference(compared.metric, value);
  const rows = compared.pairs.flatMap((pair) => {
    const all = [
      { name: pairName(pair, compared), difference: pair.difference },
      ...pair.groups.map(({ name, difference }) => ({ name: `· ${groupName(name)}`, difference })),
    ];
    return all.flatMap(({ name, difference }) => {
      if (!difference) return [];
      const { difference: middle, interval } = difference.comparison;
      const text = `${format(middle)} (${formatInterval(interval, format)})${markSigns(pair.marks)}`;
      return { name: fitNames([name], CHART_NAME).get(name)!, ...interval, middle, text };
    });
  });
  const from = compared.between === 'moments' ? '' : ` from ${nameOf(compared.pairs[0]!.first)}`;
  const head = `Differences${from} in ${NOUNS[compared.metric]}, 95 % intervals`;
  return rows.length === 0 ? [] : [{ kind: 'chart', chart: { head, rows, zero: 0, format } }];
}

function passTests(compared: Compared, nameOf: Names): readonly Block[] {
  const lines = compared.pairs.flatMap(({ first, second, difference, marks }) => {
    if (!difference?.passTests) return [];
    const { mcnemar, fisher } = difference.passTests;
    const signs = markSigns(marks);
    const share = (of: { readonly passed: number; readonly failed: number }): string =>
      `${of.passed} of ${of.passed + of.failed}${signs}`;
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

function warnings(findings: readonly Finding[]): readonly Block[] {
  const lines = findings
    .filter(({ severity, mark }) => severity === 'warning' && mark === null)
    .map(({ message, hint }) => `${message}${hint === null ? '' : `: ${hint}`}.`);
  return lines.length === 0 ? [] : [{ kind: 'sentences', head: 'Beware', tone: 'warning', sentences: lines }];
}

function movedBlocks({ moved, second }: ComparedPair, { arms }: Compared): readonly Block[] {
  if (!moved) return [];
  const { variant } = arms[second]!;
  const name = fitNames([variant], NAME_WIDTH).get(variant)!;
  const { cells, anotherAnswer, inputChanged, flips } = moved;
  const changed = anotherAnswer.map(({ cell, servedModels: { before, after } }) => {
    const models = `served by ${before ?? 'an unnamed model'}, then ${after ?? 'an unnamed model'}`;
    return { name: cell, note: before === after ? '' : `(${models})` };
  });
  const flipped = flips.map(({ cell, from, to, sameInput }) => {
    return { name: cell, note: `${from} -> ${to}${sameInput ? ', same input' : ''}` };
  });
  const edited = inputChanged.map((cell) => ({ name: cell, note: '' }));
  const lists = [
    { head: 'Same input, another answer', items: changed },
    { head: 'Verdict flipped', items: flipped },
    // Where every cell was edited, a list of all cells says nothing.
    { head: 'Input changed', items: edited.length === cells ? [] : edited },
  ].filter(({ items }) => items.length > 0);
  return [
    ...sentences(`What became of the cells of ${name}`, [movedSentence(moved)]),
    ...lists.map(({ head, items }) => listOf(head, items, MAX_LISTED)),
  ];
}

function movedSentence({ cells, untouched, anotherAnswer, inputChanged, flips }: Moved): string {
  if (cells === 0) return 'No cell has a record at both moments.';
  const worse = flips.filter(({ to }) => to === 'fail').length;
  const alike = cells - untouched - anotherAnswer.length - inputChanged.length;
  const parts = [
    `${formatCount(untouched)} not drawn again`,
    `${formatCount(alike)} drawn again and answered alike`,
    `${formatCount(inputChanged.length)} with changed input`,
    `${formatCount(anotherAnswer.length)} with the same input and another answer (the provider moved, or chance did)`,
  ].filter((part) => !part.startsWith('0 '));
  const flipped =
    flips.length === 0
      ? ''
      : ` ${formatAmount(flips.length, 'verdict')} flipped: ${worse} to fail, ${flips.length - worse} to pass.`;
  return `${formatAmount(cells, 'cell')} at both moments: ${parts.join(', ')}.${flipped}`;
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
