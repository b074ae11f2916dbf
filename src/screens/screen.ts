// What pages ask for and are given: one name a screen, a query as a URL has it, and plain data. The server answers over HTTP,
// a file that works from disk answers out of what is inside of it; the page does not know which.
import type { CellScreen } from './cell.ts';
import type { CompareScreen } from './compare.ts';
import type { ExperimentScreen } from './experiment.ts';
import type { InvocationDiffScreen, InvocationsScreen } from './invocations.ts';
import type { MatrixScreen } from './matrix.ts';
import type { PlanScreen } from './plan.ts';
import type { ReportScreen } from './report.ts';
import type { ReviewScreen } from './review.ts';
import type { ScenarioScreen } from './scenario.ts';
import type { TimelineScreen } from './timeline.ts';

/** Name in the address -> what it gives. */
export type Screens = {
  readonly experiment: ExperimentScreen;
  readonly matrix: MatrixScreen;
  readonly scenario: ScenarioScreen;
  readonly cell: CellScreen;
  readonly invocations: InvocationsScreen;
  readonly diff: InvocationDiffScreen;
  readonly plan: PlanScreen;
  readonly compare: CompareScreen;
  readonly timeline: TimelineScreen;
  readonly review: ReviewScreen;
  readonly report: ReportScreen;
};

export type ScreenName = keyof Screens;

/** As in a URL: a name may stand several times. Whatever is not known is ignored; what is malformed is a refusal. */
export type Query = URLSearchParams;

/** Why a screen is not given, in words for a person. */
export type Refusal = {
  readonly kind: 'withheld' | 'not-found' | 'bad-request' | 'unauthorized' | 'broken';
  /** What, and what to do. */
  readonly message: string;
};

/** 423 Locked: a blind review is open. */
export const STATUS_OF = {
  withheld: 423,
  'not-found': 404,
  'bad-request': 400,
  unauthorized: 401,
  broken: 500,
} as const satisfies Record<Refusal['kind'], number>;

export type Answer<Name extends ScreenName> =
  | { readonly ok: true; readonly value: Screens[Name] }
  | { readonly ok: false; readonly refusal: Refusal };
