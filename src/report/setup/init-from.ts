// What `init --from-promptfoo`, `--from-inspect` and `--from-data` print. Pure.
import { formatAmount } from '../../text/format.ts';
import { goTo, writtenLines } from './init.ts';

export type FromFileFacts = {
  readonly files: readonly string[];
  readonly variants: number;
  readonly scenarios: number;
  readonly scorers: readonly string[];
  readonly told: readonly string[];
  readonly left: readonly {
    readonly what: string;
    readonly why: string;
    /** The first few. */
    readonly places: readonly string[];
    readonly count: number;
  }[];
  readonly answers: 'simulated' | 'real';
  /** To be installed before it can be read. */
  readonly packages: readonly string[];
  readonly isInstalled: boolean;
};

/** More than this is in the manifest, below what was written. */
const MOST_ROWS = 20;

/** @param options.folder where to go first, as the user names it; null = they are there */
export function fromFileText(
  facts: FromFileFacts,
  { folder, dryRun }: { readonly folder: string | null; readonly dryRun: boolean },
): string {
  const { files, told, left, packages, answers, isInstalled } = facts;
  const lines = [
    '',
    ...(packages.length > 0 ? [] : [sizeLine(facts)]),
    ...told,
    ...leftLines(left),
    ...(packages.length === 0
      ? []
      : [`To be installed before it is read: npm install ${packages.join(' ')}`]),
  ];
  if (!dryRun) {
    lines.push(`\nTry it: ${goTo(folder)}npx expgraph plan && npx expgraph run`);
    lines.push(
      answers === 'real'
        ? 'It asks for real from the first run on: plan says what that would take, and asks nobody.'
        : 'It runs on a simulation, which is no model. For real answers: the lines under providers: in experiment.yaml, or --real.',
    );
    if (!isInstalled)
      lines.push('Not installed in this project yet: `npm install --save-dev expgraph` pins it.');
  }
  return writtenLines(files, { dryRun }) + lines.map((line) => `${line}\n`).join('');
}

function sizeLine({ variants, scenarios, scorers }: FromFileFacts): string {
  const judged = scorers.length === 0 ? 'nothing is judged' : `judged by ${scorers.join(', ')}`;
  return `${formatAmount(variants, 'variant')} x ${formatAmount(scenarios, 'scenario')}, ${judged}`;
}

function leftLines(left: FromFileFacts['left']): readonly string[] {
  if (left.length === 0) return [];
  const count = left.reduce((sum, row) => sum + row.count, 0);
  const shown = left
    .slice(0, MOST_ROWS)
    .flatMap(({ what, why, places, count: times }) => [
      `  ${places[0]}: ${what}${times > 1 ? ` (${times} times)` : ''}`,
      `      ${why}`,
    ]);
  const rest = left.length - MOST_ROWS;
  return [
    `\nNot carried over (${count}):`,
    ...shown,
    ...(rest > 0 ? [`  and ${rest} more kinds`] : []),
    '  All of it stands at the end of experiment.yaml as well.',
  ];
}
