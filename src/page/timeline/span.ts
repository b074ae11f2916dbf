// From when to when is looked, in ms since the start: read from and written to the address. Pure.
export type Span = { readonly from: number; readonly to: number };

/** Closer than this nothing is told apart: moments are kept by the millisecond. */
const LEAST_MS = 10;

export function readSpan(query: URLSearchParams, whole: Span): Span {
  const from = Number(query.get('from') ?? Number.NaN);
  const to = Number(query.get('to') ?? Number.NaN);
  if (!(from >= 0 && to - from >= 1 && from < whole.to)) return whole;
  return within({ from, to }, whole);
}

export function writeSpan(query: URLSearchParams, { from, to }: Span, whole: Span): URLSearchParams {
  const next = new URLSearchParams(query);
  next.delete('from');
  next.delete('to');
  if (from > whole.from || to < whole.to) {
    next.set('from', String(Math.round(from)));
    next.set('to', String(Math.round(to)));
  }
  return next;
}

export function moved({ from, to }: Span, kind: 'in' | 'out' | 'left' | 'right', whole: Span): Span {
  const width = to - from;
  const by = {
    in: [width / 4, -width / 4],
    out: [-width / 2, width / 2],
    left: [-width / 3, -width / 3],
    right: [width / 3, width / 3],
  };
  const [start, end] = by[kind] as [number, number];
  return within({ from: from + start, to: to + end }, whole);
}

/** As wide as it was where there is room, and never beyond what happened. */
export function within({ from, to }: Span, whole: Span): Span {
  const width = Math.min(whole.to - whole.from, Math.max(LEAST_MS, to - from));
  const start = Math.min(Math.max(whole.from, from), whole.to - width);
  return { from: start, to: start + width };
}
