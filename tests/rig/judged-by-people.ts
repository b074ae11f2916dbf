// An experiment whose answers people judged: drawn by the simulation, in a review that is closed.
import path from 'node:path';
import type { HumanPreference, HumanScore, ReviewProtocol } from '../../src/core/review.ts';
import { openExperiment, records, run } from '../../src/project/index.ts';
import { dealReview, PROTOCOL } from './blind-review.ts';
import { writeFiles } from './files.ts';

export const ARMS = ['plain', 'brief'] as const;

/** Answers tell arm and scenario apart, and every run says the same. */
export function writeJudged(folder: string, more = ''): void {
  const scenarios = Array.from({ length: 8 }, (_, i) => `s${i}`);
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: judged
runs: 2
provider: own
model: sim-1
execution: { workers: 0 }
providers: { own: { type: sim, sim: { latency_ms: 0, latency_spread: 0, answers: answers.yaml } } }
variants: { ${ARMS[0]}: { system: You help. }, ${ARMS[1]}: { system: Be brief. } }
scenarios: [s.yaml]
scorers: [{ name: words, regex: "s[0-3]" }]
${more}`,
    's.yaml': scenarios
      .map((id, i) => `- { id: ${id}, category: ${i < 4 ? 'easy' : 'hard'}, input: question ${id} }\n`)
      .join(''),
    'answers.yaml': scenarios
      .map((id) => {
        const arms = ARMS.map((arm) => `    ${arm}: { likely: [{ text: "${arm} ${id}" }] }\n`);
        return `${id}:\n  variants:\n${arms.join('')}`;
      })
      .join(''),
  });
}

export type Said = { readonly variant: string; readonly scenario: string; readonly run: number };

/** Draws, and closes a review in which each answer got these labels: dimension -> one a reader. null = nobody read it. */
export async function judged(
  folder: string,
  of: {
    readonly labels: (cell: Said) => Readonly<Record<string, readonly string[]>> | null;
    readonly id?: string;
    readonly protocol?: ReviewProtocol;
    readonly closedAt?: string;
  },
): Promise<void> {
  const { id = 'r001', protocol = PROTOCOL, closedAt = '2026-11-02T09:00:00.000Z' } = of;
  const experiment = await openExperiment(folder);
  await run(experiment).result;
  const scores: HumanScore[] = [];
  for await (const record of records(experiment)) {
    const { variant, scenario, run: draw, output_digest: answer } = record;
    const labels = of.labels({ variant, scenario, run: draw });
    if (labels === null || answer === undefined || answer === null) continue;
    scores.push(...scoresOf({ scenario, answer, labels, protocol }));
  }
  dealReview(path.join(folder, 'artifacts/judged'), { id, protocol }).close({ scores, closed_at: closedAt });
}

function scoresOf(of: {
  readonly scenario: string;
  readonly answer: string;
  readonly labels: Readonly<Record<string, readonly string[]>>;
  readonly protocol: ReviewProtocol;
}): readonly HumanScore[] {
  const { scenario, answer, labels, protocol } = of;
  const about = { scenario, answer, adjudicated: false };
  const worth = (label: string): number =>
    (protocol.labels.find(({ name }) => name === label)!.value - 1) / 2;
  const mean = (said: readonly string[]): number =>
    said.reduce((sum, label) => sum + worth(label), 0) / said.length;
  const passed = !Object.values(labels).flat().includes('poor');
  return [
    ...Object.entries(labels).map(
      ([dimension, said]): HumanScore => ({
        ...about,
        dimension,
        score: mean(said),
        passed: null,
        labels: said.map((label, i) => ({ reviewer: `reader ${i + 1}`, label })),
        notes: [],
      }),
    ),
    {
      ...about,
      dimension: 'pass',
      score: Number(passed),
      passed,
      labels: [{ reviewer: 'reader 1', label: passed ? 'pass' : 'fail' }],
      notes: ['a note'],
    },
  ];
}

/** Of each scenario and run the two arms beside each other. */
export function preferred(
  said: (scenario: string, run: number) => 'plain' | 'brief' | 'tie',
  answer = '0'.repeat(64),
): readonly HumanPreference[] {
  return Array.from({ length: 8 }, (_, i) => `s${i}`).flatMap((scenario, i) =>
    [1, 2].map((run): HumanPreference => {
      const arms = i % 2 === 0 ? (['plain', 'brief'] as const) : (['brief', 'plain'] as const);
      const [left, right] = arms.map((variant) => ({ variant, run, answer }));
      const who = said(scenario, run);
      return {
        ...{ scenario, dimension: 'naturalness', left: left!, right: right!, reviewer: 'anna' },
        said: who === 'tie' ? 'tie' : who === arms[0] ? 'left' : 'right',
      };
    }),
  );
}
