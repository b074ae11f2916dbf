// Name in the address -> the screen.
import type { ScreenName } from '../screens/screen.ts';
import type { ComponentChildren } from './base/preact.ts';
import type { ScreenProps } from './base/screen-props.ts';
import { Cell } from './cell/cell.tsx';
import { Compare } from './compare/compare.tsx';
import { Diff } from './diff/diff.tsx';
import { Invocations } from './invocations/invocations.tsx';
import { Matrix } from './matrix/matrix.tsx';
import { Plan } from './plan/plan.tsx';
import { Report } from './report/report.tsx';
import { Review } from './review/review.tsx';
import { Scenario } from './scenario/scenario.tsx';
import { Timeline } from './timeline/timeline.tsx';

export const SCREENS: Readonly<
  Record<
    Exclude<ScreenName, 'experiment'>,
    { readonly title: string; readonly Screen: (props: ScreenProps) => ComponentChildren }
  >
> = {
  matrix: { title: 'Matrix', Screen: Matrix },
  scenario: { title: 'Side by side', Screen: Scenario },
  cell: { title: 'History of a cell', Screen: Cell },
  invocations: { title: 'Invocations', Screen: Invocations },
  diff: { title: 'Diff', Screen: Diff },
  plan: { title: 'Plan', Screen: Plan },
  compare: { title: 'Compare', Screen: Compare },
  timeline: { title: 'Timeline', Screen: Timeline },
  review: { title: 'Review', Screen: Review },
  report: { title: 'Report', Screen: Report },
};
