// What a line of the gate is held against beside the variants of today: earlier states of the store, and other stores.
import { openReader } from '../../cache/index/reader.ts';
import type { StoreReader } from '../../cache/store.ts';
import type { GateReference } from '../../core/gate-line.ts';
import {
  compareOrder,
  type InvocationOrder,
  isSameInvocation,
  NEVER,
  orderOf,
  seemsInvocation,
  shortNames,
} from '../../core/invocation-id.ts';
import type { Experiment } from '../open/experiment.ts';
import { otherStoreIn } from '../open/other-store.ts';
import { namesOfInvocations } from '../select/find-invocation.ts';
import { findMoment, type Moment } from '../select/find-records.ts';
import type { FoundCell } from './cells.ts';

/** `previous` does not hang on what ran since: it is the state before the newest of the answers that are measured. */
export function momentOf(
  than: Extract<GateReference, { kind: 'previous' | 'moment' }>,
  { store, measured: cells }: { readonly store: StoreReader; readonly measured: readonly FoundCell[] },
): Moment | { readonly why: string } {
  const called = (name: string): string => shortNames(namesOfInvocations(store), 4)(name);
  if (than.kind === 'moment') {
    const isInvocation = seemsInvocation(than.text);
    try {
      const moment = findMoment(store, than.text);
      if (isSameInvocation(moment.upTo, NEVER)) return { why: `nothing was drawn before ${than.text}` };
      return isInvocation ? { ...moment, label: `invocation ${called(moment.label)}` } : moment;
    } catch (cause) {
      // It was read as one already: what is thrown says that there is none of this number.
      return { why: (cause as Error).message };
    }
  }
  const newest = cells.reduce(
    (most: InvocationOrder, { row }) => (row !== null && compareOrder(row, most) > 0 ? row : most),
    NEVER,
  );
  const before = namesOfInvocations(store).findLast(
    (name) => compareOrder(orderOf(name) ?? NEVER, newest) < 0,
  );
  if (before === undefined) return { why: 'there is no earlier state: these are the first answers' };
  return { label: `invocation ${called(before)}`, upTo: orderOf(before)! };
}

export type OtherStore =
  | { readonly kind: 'none'; readonly why: string }
  | { readonly kind: 'open'; readonly store: StoreReader; readonly root: string };

/** The folder of an experiment, its artifacts, or what is kept of it there. */
export function openOther(
  { manifest: { name } }: Experiment,
  { folder, shown }: Extract<GateReference, { kind: 'store' }>,
): OtherStore {
  const root = otherStoreIn(folder, name);
  if (root === null) return { kind: 'none', why: `there are no results of ${name} in ${shown}` };
  try {
    return { kind: 'open', store: openReader(root), root };
  } catch (cause) {
    return { kind: 'none', why: `the results in ${shown} cannot be read: ${(cause as Error).message}` };
  }
}
