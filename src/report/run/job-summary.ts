// What a job of CI shows of an invocation: verdicts, gate, the cells that did not pass, what it took. Pure.
import type { GateVerdict, NotPassed, RunSummary, ScoresSummary } from '../../core/summary.ts';
import { sanitizeLine } from '../../core/text.ts';
import { formatMoney } from '../../text/format.ts';
import type { Column, Row } from '../../text/layout.ts';
import type { Block } from '../../text/sheet.ts';
import { gateBlocks } from '../compare/gate-sheet.ts';

export type JobFacts = {
  readonly experiment: string;
  readonly title: string;
  readonly scores: ScoresSummary | undefined;
  readonly notPassed: NotPassed | undefined;
  readonly gate: readonly GateVerdict[];
  readonly sentences: readonly string[];
};

/** More than these nobody reads in a summary; the report of the tests has them all. */
const MAX_CELLS = 20;

export function jobSummary(facts: JobFacts): readonly Block[] {
  return [
    { kind: 'title', text: `${facts.experiment}: ${facts.title}` },
    ...(facts.sentences.length === 0
      ? []
      : [{ kind: 'sentences', head: null, tone: 'plain', sentences: facts.sentences } as const]),
    ...scoresTable(facts.scores),
    ...gateBlocks(facts.gate),
    ...cellsTable(facts.notPassed),
  ];
}

/** What an invocation did, in sentences. */
export function runSentences(summary: RunSummary): readonly string[] {
  const { scope, executed, cached, failed, missing, cost_usd, simulated, how, why } = summary;
  const cost = cost_usd === null ? 'cost unknown' : `cost ${formatMoney(cost_usd)}`;
  return [
    `${scope.tasks} cells: ${executed} executed, ${cached} cached, ${failed} failed, ${missing} missing; ${cost}`,
    ...(simulated ? ['SIMULATION: these numbers are no model’s'] : []),
    ...(how === 'complete' ? [] : [`ended: ${how}${why === null ? '' : `, ${sanitizeLine(why)}`}`]),
  ];
}

const SCORES: readonly Column[] = [
  { head: 'scorer' },
  { head: 'variant' },
  { head: 'answers', align: 'right' },
  { head: 'passed', align: 'right' },
  { head: 'mean score', align: 'right' },
  { head: 'missing', align: 'right' },
];

function scoresTable(scores: ScoresSummary | undefined): readonly Block[] {
  if (scores === undefined || scores.rows.length === 0) return [];
  const rows = scores.rows.map(({ scorer, variant, cells, passed, decided, mean, missing }): Row => {
    const numbers = [
      String(cells),
      passed === null ? '-' : `${passed} of ${decided}`,
      mean === null ? '-' : mean.toFixed(3),
      String(missing),
    ];
    return {
      kind: 'cells',
      cells: [sanitizeLine(scorer), sanitizeLine(variant), ...numbers],
      tone: 'plain',
    };
  });
  return [{ kind: 'table', head: null, columns: SCORES, rows }];
}

const CELLS: readonly Column[] = [{ head: 'cell' }, { head: 'by' }, { head: 'why' }];

function cellsTable(notPassed: NotPassed | undefined): readonly Block[] {
  if (notPassed === undefined) return [];
  const shown = notPassed.shown.slice(0, MAX_CELLS);
  const rows = shown.map(({ variant, scenario, run, scorer, kind, reason }): Row => {
    const by = scorer ?? (kind === 'failed' ? 'task failed' : '');
    const cells = [`${variant}/${scenario}/${run}`, by, reason].map(sanitizeLine);
    return { kind: 'cells', cells, tone: 'plain' };
  });
  const left =
    notPassed.cells - new Set(shown.map((one) => JSON.stringify([one.variant, one.scenario, one.run]))).size;
  const more = left > 0 ? [`and ${left} more cells`] : [];
  return [
    { kind: 'table', head: `${notPassed.cells} not passed`, columns: CELLS, rows },
    ...(more.length === 0
      ? []
      : [{ kind: 'sentences', head: null, tone: 'plain', sentences: more } as const]),
  ];
}
