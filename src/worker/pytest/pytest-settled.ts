// How a test that has ended becomes an attempt: with the line that its harness wrote of it, where there is one.
import type { Lesson } from '../../core/endpoint-settings.ts';
import type { PytestHarness } from '../../core/harness.ts';
import type { Order } from '../../core/order.ts';
import type { Attempted } from '../attempt.ts';
import type { Collected } from './collected-lines.ts';
import { type CellNames, scenarioNames } from './line-names.ts';
import { type ItemEnd, itemAttempt } from './pytest-item.ts';
import { variantOf } from './pytest-job.ts';
import type { WrittenLine } from './written-lines.ts';

/** Whom a line of the harness's own must name. */
export function namesOf(order: Order, end: ItemEnd | null): CellNames {
  const scenarios = scenarioNames(order.cell.scenario, end?.nodeid ?? '');
  return { variant: variantOf(order), scenarios, run: order.cell.run };
}

export function attemptFrom(input: {
  readonly order: Order;
  readonly end: ItemEnd;
  readonly line: WrittenLine | undefined;
  readonly collected: Collected;
  readonly harness: PytestHarness;
}): Attempted {
  const { order, end, line, collected, harness } = input;
  const item = line && { ...line, fields: harness.collect?.fields ?? {}, unmapped: collected.unmapped() };
  return itemAttempt(end, item ?? null, {
    whyNone: collected.whyNone(namesOf(order, end)),
    empty: order.work!.proxy === undefined ? harness.empty : 'seen',
    mayPrint: !collected.hasFiles(),
  });
}

/** Said once: what was found by itself may be named. */
export function foundLessons(files: string | null): readonly Lesson[] {
  if (files === null) return [];
  const message = `answers were read from ${files}, which the tests write`;
  return [{ message, line: `collect: ${JSON.stringify(files)}`, of: 'pytest' }];
}
