// The package's own name: what `import { ... } from 'expgraph'` gives. Own code (defineVariant, defineScorer) and programs that
// open, plan, run, score, compare and read experiments. Everything heavy is loaded by the call that needs it.
export * from '../api/index.ts';
export type { Diagnostic } from '../core/diagnostic.ts';
export type { EventLine } from '../core/event.ts';
export type { ScenarioResult } from '../core/record.ts';
export type { RunSummary, ScoresSummary } from '../core/summary.ts';
export type { Comparison } from '../report/compare/comparison.ts';
export type { WorkAhead } from '../report/run/plan-ahead.ts';
export type { MomentsDiff } from './history/diff.ts';
export type { CellHistory } from './history/history.ts';
export type { ExperimentStatus } from './history/status.ts';
export { CommandError, WithheldError } from './open/command-error.ts';
export type { GivenLimits } from './open/limits-given.ts';
export type { Notice } from './open/world.ts';
export { type Experiment, type OpenOptions, openExperiment } from './program/experiment.ts';
export type { AbortOptions } from './program/interrupts.ts';
export {
  type CompareOptions,
  compare,
  type DiffOptions,
  diff,
  type HistoryOptions,
  history,
  type PlanOptions,
  plan,
  records,
  status,
} from './program/read.ts';
export {
  type Invocation,
  type InvocationOptions,
  type RunOptions,
  type RunResult,
  run,
  type ScoreOptions,
  type ScoreResult,
  score,
} from './program/run.ts';
export type { Selection } from './program/selection.ts';
export type { WorldOptions } from './program/world.ts';
