// The one file that imports TanStack Virtual: which of many equal rows or columns stand in what is seen of them.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import { useLayoutEffect, useRef, useState } from './preact.ts';

export type VirtualInput = {
  readonly count: number;
  /** px, the same for all: a jump to row 90,000 needs no measuring of those before it. */
  readonly size: number;
  readonly scroller: { readonly current: HTMLElement | null };
  readonly isHorizontal?: boolean;
  /** px that stand before the first within what scrolls. */
  readonly before: number;
  /** px of the seen part that something else covers: heads that stick. */
  readonly covered: number;
  /** How many are kept beside those that are seen. */
  readonly beside: number;
  /** Kept however far away: what has the focus. */
  readonly kept?: number | null;
};

export type Virtual = {
  /** Ascending; `kept` may stand apart from the others. */
  readonly indexes: readonly number[];
  /** Without `kept` and without those beside. */
  readonly first: number;
  readonly last: number;
  /** Scrolls no more than is needed for it to be seen. */
  show(index: number): void;
};

type OfElements = Virtualizer<HTMLElement, HTMLElement>;

export function useVirtual(input: VirtualInput): Virtual {
  const [, redraw] = useState(0);
  const made = useRef<OfElements | null>(null);
  const options = {
    count: input.count,
    estimateSize: () => input.size,
    getScrollElement: () => input.scroller.current,
    horizontal: input.isHorizontal ?? false,
    scrollMargin: input.before,
    scrollPaddingStart: input.covered,
    overscan: input.beside,
    observeElementRect,
    observeElementOffset,
    scrollToFn: elementScroll,
    onChange: () => redraw((times) => times + 1),
  };
  made.current ??= new Virtualizer<HTMLElement, HTMLElement>(options);
  const virtual = made.current;
  const size = useRef(input.size);
  virtual.setOptions(options);
  if (size.current !== input.size) {
    size.current = input.size;
    virtual.measure();
  }
  useLayoutEffect(() => virtual._didMount(), [virtual]);
  useLayoutEffect(() => virtual._willUpdate());
  const shown = virtual.getVirtualIndexes();
  const { kept = null } = input;
  const isKept = kept !== null && kept < input.count && !shown.includes(kept);
  return {
    indexes: isKept ? [...shown, kept].toSorted((a, b) => a - b) : shown,
    first: virtual.range?.startIndex ?? 0,
    last: virtual.range?.endIndex ?? -1,
    show: (index) => virtual.scrollToIndex(index, { align: 'auto' }),
  };
}
