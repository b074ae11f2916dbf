// What an invocation leaves beside what is printed: a JUnit file, and what GitHub Actions shows of a job.
import type { StoreReader } from '../../cache/store.ts';
import type { GateVerdict, NotPassed, ScoresSummary, Withheld } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
import { sanitizeLine } from '../../core/text.ts';
import type { Experiment } from '../../project/open/experiment.ts';
import { type Io, isGithub } from '../io.ts';

export type Reported = {
  readonly experiment: Experiment;
  readonly store: StoreReader;
  readonly filter: Filter;
  readonly gate: readonly GateVerdict[];
  readonly title: string;
  readonly scores: ScoresSummary | undefined;
  readonly notPassed: NotPassed | undefined;
  readonly sentences: () => readonly string[];
  /** Of each cell and each arm nothing is written while a blind review is open. */
  readonly withheld?: Withheld | undefined;
};

export async function writeReports(io: Io, junit: string | undefined, reported: Reported): Promise<void> {
  const { experiment, notPassed, gate, withheld } = reported;
  if (junit !== undefined && withheld)
    io.err.write(
      `expgraph: ${sanitizeLine(junit)} is not written: it would say of each arm what came of it\n`,
    );
  if (junit !== undefined && !withheld) {
    const { writeJunit } = await import('../../project/exchange/junit-file.ts');
    writeJunit({ io, file: junit, ...reported });
  }
  if (!isGithub(io)) return;
  const { jobSummary } = await import('../../report/run/job-summary.ts');
  const { tellGithub } = await import('./github.ts');
  const { name } = experiment.manifest;
  const sentences = [...reported.sentences(), ...(withheld ? [`Withheld: ${withheld.why}.`] : [])];
  const summary = jobSummary({ ...reported, experiment: name, sentences });
  tellGithub(io, { experiment, notPassed, gate, summary });
}
