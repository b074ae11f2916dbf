// What can be done with what was imported: commands that work as they are printed. Which comparison does is found by making it.

import { findingsOf } from '../../analysis/compare/gate.ts';
import type { CompareInput, Metric } from '../../analysis/compare/input.ts';
import { withoutTwins } from '../../analysis/compare/twins.ts';
import { NO_FILTER } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import { quoteWord, type Step } from '../../text/next.ts';
import { gatherComparison } from '../compare/arms.ts';
import type { Experiment } from '../open/experiment.ts';
import { bookOfToday } from '../select/verdict.ts';

export function importedNext(input: {
  readonly experiment: Experiment;
  /** What commands repeat to mean the same manifest. */
  readonly place: string;
  readonly checked: {
    readonly variants: ReadonlySet<string>;
    /** Results whose scenario the manifest has. */
    readonly inManifest: number;
  };
}): readonly Step[] {
  const { experiment, checked, place } = input;
  const isJudged = experiment.manifest.scorers.length > 0 && checked.inManifest > 0;
  const hasCells = [...checked.variants].some((name) => experiment.variants.has(name));
  return [
    ...(isJudged
      ? [{ command: `npx expgraph score${place}`, does: 'judges them by what their scenarios expect' }]
      : []),
    ...comparison(experiment, { variants: [...checked.variants].slice(0, 2), isJudged, place }),
    ...(hasCells
      ? [
          {
            command: `npx expgraph run${place}`,
            does: 'still draws their cells; until then they stand for them',
          },
        ]
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
  {
    variants,
    isJudged,
    place,
  }: { readonly variants: readonly string[]; readonly isJudged: boolean; readonly place: string },
): readonly Step[] {
  if (variants.length < 2) return [];
  const metrics: readonly Metric[] = isJudged ? ['score', ...TOLD] : TOLD;
  const input = makeInputs(experiment, variants);
  for (const allowed of ALLOWED) {
    const metric = metrics.find((one) => isOpen({ ...input(one), allowed }));
    if (metric === undefined) continue;
    const named = variants.map((name) => quoteWord(sanitizeLine(name))).join(' ');
    const options = [
      ...(metric === 'score' ? [] : [` --metric ${metric}`]),
      ...(allowed.incomplete ? [' --allow-incomplete'] : []),
      ...(allowed.mixedModels ? [' --allow-mixed-models'] : []),
    ];
    const when = metric === 'score' ? ', once they are judged' : '';
    return [
      {
        command: `npx expgraph compare ${named}${options.join('')}${place}`,
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

/** As they will be when `score` has judged what it can judge. Each is gathered when it is asked for, and once. */
function makeInputs(experiment: Experiment, patterns: readonly string[]): (metric: Metric) => CompareInput {
  const made = new Map<Metric, CompareInput>();
  return (metric) => {
    const known = made.get(metric);
    if (known !== undefined) return known;
    using store = experiment.stores.read();
    const found = gatherComparison({
      experiment,
      store,
      book: bookOfToday(experiment),
      filter: NO_FILTER,
      patterns,
      metric,
      by: null,
      moments: [],
      allowed: ALLOWED[0]!,
    });
    const input = metric === 'score' ? { ...found, arms: found.arms.map(asJudged) } : found;
    made.set(metric, input);
    return input;
  };
}

function asJudged(arm: CompareInput['arms'][number]): CompareInput['arms'][number] {
  const cells = arm.cells.map((cell) =>
    cell.lack === 'unscored' ? { ...cell, lack: null, value: 0 } : cell,
  );
  return { ...arm, cells };
}
