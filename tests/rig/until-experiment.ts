// An experiment with `until:` whose answers are written down, so that every look at it is known beforehand.
import { makeRandom } from '../../src/analysis/statistics/random.ts';
import { writeFiles } from './files.ts';

export type UntilExperiment = {
  readonly until: string;
  /** By arm the share of runs that pass. */
  readonly arms: { readonly [name: string]: number };
  readonly scenarios?: number;
  /** A scenario passes in all of its runs or in none. */
  readonly fixed?: boolean;
  /** Of the simulation; 0 = it answers at once. */
  readonly latencyMs?: number;
};

const MOST = 6;

/** It takes more than one look, and fewer than all. */
export const NOISY: UntilExperiment = {
  until: '{ half_width: 0.32, max_runs: 6 }',
  arms: { a: 0.5, b: 0.5 },
};

export function writeUntil(folder: string, of: UntilExperiment): void {
  const { until, arms, scenarios = 16, fixed = false, latencyMs = 0 } = of;
  const random = makeRandom(5);
  const ids = Array.from({ length: scenarios }, (_, i) => `s${i}`);
  const answers = ids.map((id) => {
    const variants = Object.entries(arms).map(([name, share]) => {
      const always = random.uniform() < share;
      const runs = Array.from({ length: MOST }, (_, k) => {
        const passes = random.uniform() < share;
        return `${(fixed ? always : passes) ? 'yes' : 'no'} ${k}`;
      });
      return [name, runs] as const;
    });
    return `${id}: { variants: ${JSON.stringify(Object.fromEntries(variants))} }\n`;
  });
  writeFiles(folder, {
    'experiment.yaml': `version: 1
name: made
runs: 2
provider: sim
model: sim-small
sim: { answers: answers.yaml }
scenarios: [s.jsonl]
variants:
${Object.keys(arms)
  .map((name) => `  ${name}: { system: ${name} }\n`)
  .join(
    '',
  )}providers: { sim: { type: sim, sim: { latency_ms: ${latencyMs}, latency_spread: 0 }, limits: { concurrency: 4 } } }
until: ${until}
`,
    'answers.yaml': answers.join(''),
    's.jsonl': ids
      .map((id) => `${JSON.stringify({ id, input: `about ${id}`, expect: { contains: 'yes' } })}\n`)
      .join(''),
  });
}
