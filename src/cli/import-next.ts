// What can be done with what was imported: commands that work as they are printed. Which comparison does is found by making it.
import { openReader } from '../cache/reader.ts';
import { NO_FILTER } from '../core/task.ts';
import { sanitizeLine } from '../core/text.ts';
import { findingsOf } from '../report/compare-gate.ts';
import type { CompareInput, Metric } from '../report/compare-input.ts';
import { withoutTwins } from '../report/compare-twins.ts';
import { quoteWord, type Step } from '../report/next.ts';
import { gatherComparison } from './compare-arms.ts';
import type { Experiment } from './experiment.ts';
import { bookOfToday } from './verdict.ts';

export function importedNext(at: {
  readonly experiment: Experiment;
  readonly checked: {
    readonly variants: ReadonlySet<string>;
    /** Results whose scenario the manifest has. */
    readonly inManifest: number;
  };
}): readonly Step[] {
  const { experiment, checked } = at;
  const isJudged = experiment.manifest.scorers.length > 0 && checked.inManifest > 0;
  const hasCells = [...checked.variants].some((name) => experiment.variants.has(name));
  return [
    ...(isJudged
      ? [{ command: 'npx expgraph score', does: 'judges them by what their scenarios expect' }]
      : []),
    ...comparison(experiment, { variants: [...checked.variants].slice(0, 2), isJudged }),
    ...(hasCells
      ? [{ command: 'npx expgraph run', does: 'still draws their cells; until then they stand for them' }]
      : []),
  ];
}

const TOLD: readonly Metric[] = ['tokens', 'latency', 'cost'];

/** What needs nothing to be allowed comes first. */
const ALLOWED: readonly CompareInput['allowed'][] = [false, true].flatMap((incomplete) =>
  [false, true].map((mixedModels) => ({ incomplete, mixedModels })),
);

function comparison(
  experiment: Experiment,
  { variants, isJudged }: { readonly variants: readonly string[]; readonly isJudged: boolean },
): readonly Step[] {
  if (variants.length < 2) return [];
  const metrics: readonly Metric[] = isJudged ? ['score', ...TOLD] : TOLD;
  const inputs = inputsOf(experiment, { variants, metrics });
  for (const allowed of ALLOWED) {
    const input = inputs.find((one) => isOpen({ ...one, allowed }));
    if (input === undefined) continue;
    const named = variants.map((name) => quoteWord(sanitizeLine(name))).join(' ');
    const { metric } = input;
    const options = [
      ...(metric === 'score' ? [] : [` --metric ${metric}`]),
      ...(allowed.incomplete ? [' --allow-incomplete'] : []),
      ...(allowed.mixedModels ? [' --allow-mixed-models'] : []),
    ];
    const when = metric === 'score' ? ', once they are judged' : '';
    return [
      {
        command: `npx expgraph compare ${named}${options.join('')}`,
        does: `holds them against each other${when}`,
      },
    ];
  }
  return [];
}

function isOpen(asked: CompareInput): boolean {
  const { pairs, findings } = withoutTwins(asked);
  return [...findings, ...findingsOf({ ...asked, pairs })].every(({ severity }) => severity !== 'refusal');
}

/** As they will be when `score` has judged what it can judge. */
function inputsOf(
  experiment: Experiment,
  of: { readonly variants: readonly string[]; readonly metrics: readonly Metric[] },
): readonly CompareInput[] {
  using store = openReader(experiment.root);
  return of.metrics.map((metric) => {
    const input = gatherComparison({
      ...{ experiment, store, book: bookOfToday(experiment), filter: NO_FILTER },
      ...{ patterns: of.variants, metric, by: null, moments: [], allowed: ALLOWED[0]! },
    });
    if (metric !== 'score') return input;
    const judged = input.arms.map((arm) => ({
      ...arm,
      cells: arm.cells.map((cell) => (cell.lack === 'unscored' ? { ...cell, lack: null, value: 0 } : cell)),
    }));
    return { ...input, arms: judged };
  });
}
