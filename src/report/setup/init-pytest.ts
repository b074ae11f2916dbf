// What `init --from-pytest` prints, and what it asks. Pure.
import { goTo, writtenLines } from './init.ts';

type Candidate = {
  readonly from: { readonly kind: 'param' | 'marker' | 'env'; readonly name: string };
  readonly values: readonly string[];
};

export type PytestFacts = {
  readonly files: readonly string[];
  readonly variants: number;
  readonly scenarios: number;
  readonly runs: number;
  readonly tests: number;
  readonly leftOut: number;
  readonly chosen: Candidate & { readonly others: readonly Candidate[]; readonly isGiven: boolean };
  readonly python: string;
  readonly pythonFrom: string | null;
  readonly passed: readonly string[];
  readonly hasEnvFile: boolean;
};

/** @param options.folder where to go first, as the user names it; null = they are there */
export function fromPytestText(
  facts: PytestFacts,
  { folder, dryRun }: { readonly folder: string | null; readonly dryRun: boolean },
): string {
  const { variants, scenarios, runs, tests, leftOut, python, pythonFrom, passed } = facts;
  const without = leftOut > 0 ? `; ${leftOut} tests without a variant are left out` : '';
  const lines = [
    '',
    `${variants} variants x ${scenarios} scenarios x ${runs} runs, from ${tests} tests${without}`,
    ...chosenLines(facts.chosen),
  ];
  if (pythonFrom !== null) lines.push(`Python: ${python} (${pythonFrom}); another: --python PROGRAM`);
  if (passed.length > 0)
    lines.push(`Passed on from the environment, by name: ${passed.join(', ')} (pass_env)`);
  if (facts.hasEnvFile)
    lines.push(
      'There is a .env here. If the tests need it, write "env_file: .env" under "pytest:" in experiment.yaml.',
    );
  if (!dryRun) lines.push(`\nTry it: ${goTo(folder)}npx expgraph plan && npx expgraph run`);
  return writtenLines(facts.files, { dryRun }) + lines.map((line) => `${line}\n`).join('');
}

export function refreshText(
  refreshed: {
    readonly changes: readonly { readonly file: string; readonly lines: readonly string[] }[];
    readonly items: number;
    readonly hints: readonly string[];
  },
  { dryRun }: { readonly dryRun: boolean },
): string {
  const { changes, items, hints } = refreshed;
  const lines = changes.flatMap(({ file, lines: changed }) => [
    `${file}${dryRun ? ' (not written: --dry-run)' : ''}`,
    ...changed.map((line) => `  ${line}`),
  ]);
  if (changes.length === 0)
    lines.push(`The variants and the scenarios are those of the tests: ${items} items, nothing to change.`);
  return [...lines, ...hints].map((line) => `${line}\n`).join('');
}

/** The numbers are those of the answers, from 1. */
export function whichQuestion(candidates: readonly Candidate[]): string {
  const lines = candidates.map((one, n) => `  ${n + 1}  ${described(one)}`);
  return `What do the tests compare?\n${lines.join('\n')}\nNumber [1]: `;
}

function chosenLines({ others, isGiven, ...one }: PytestFacts['chosen']): readonly string[] {
  const { from } = one;
  if (from.kind === 'env') {
    return [
      `The harness names no variants: it gets the environment variable ${from.name}; rename and add variants in experiment.yaml. If a parameter is what it compares: --variants-from param:NAME`,
    ];
  }
  if (isGiven) return [];
  const flags = others.map((other) => `--variants-from ${other.from.kind}:${other.from.name}`);
  return [`Variants: ${described(one)}; another: ${flags.join(', ') || '--variants-from param:NAME'}`];
}

function described({ from, values }: Candidate): string {
  const shown = values.slice(0, 4).map((value) => value.replace(/\p{Cc}/gu, '?').slice(0, 40));
  const kind = from.kind === 'param' ? 'parameter' : from.kind;
  return `the ${kind} ${from.name} (${shown.join(', ')}${values.length > shown.length ? `, ${values.length} in all` : ''})`;
}
