// What an invocation leaves beside what is printed: a JUnit file, and what GitHub Actions shows of a job.
import type { StoreReader } from '../../cache/store.ts';
import type { GateVerdict, NotPassed, ScoresSummary } from '../../core/summary.ts';
import type { Filter } from '../../core/task.ts';
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
};

export async function writeReports(io: Io, junit: string | undefined, reported: Reported): Promise<void> {
  const { experiment, notPassed, gate } = reported;
  if (junit !== undefined) {
    const { writeJunit } = await import('../../project/exchange/junit-file.ts');
    writeJunit({ io, file: junit, ...reported });
  }
  if (!isGithub(io)) return;
  const { jobSummary } = await import('../../report/run/job-summary.ts');
  const { tellGithub } = await import('./github.ts');
  const { name } = experiment.manifest;
  const summary = jobSummary({ ...reported, experiment: name, sentences: reported.sentences() });
  tellGithub(io, { experiment, notPassed, gate, summary });
}
