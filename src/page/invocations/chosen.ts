// Which invocations are chosen <-> the address. Pure.
import type { InvocationRow } from '../../screens/invocations.ts';

export type Chosen = {
  /** Two at most; the one that was chosen first goes when a third is. */
  readonly picked: readonly string[];
  /** Where the reader is. */
  readonly at: string | null;
};

export function readChosen(query: URLSearchParams): Chosen {
  return { picked: query.getAll('pick').slice(0, 2), at: query.get('at') };
}

export function writeChosen({ picked, at }: Chosen): URLSearchParams {
  const query = new URLSearchParams();
  for (const one of picked) query.append('pick', one);
  if (at !== null) query.set('at', at);
  return query;
}

export function choose(chosen: Chosen, invocation: string): Chosen {
  const { picked } = chosen;
  const next = picked.includes(invocation)
    ? picked.filter((one) => one !== invocation)
    : [...picked, invocation].slice(-2);
  return { ...chosen, picked: next };
}

/** From the older to the newer. @param rows the newest first. @returns null: it takes two */
export function toDiff(rows: readonly InvocationRow[], picked: readonly string[]): URLSearchParams | null {
  const [b, a] = rows.map(({ invocation }) => invocation).filter((one) => picked.includes(one));
  return a === undefined || b === undefined ? null : new URLSearchParams({ a, b });
}

/** What came before it: what a reader most often wants it held against. */
export function toDiffWithBefore(rows: readonly InvocationRow[], n: number): URLSearchParams | null {
  const [b, a] = [rows[n]?.invocation, rows[n + 1]?.invocation];
  return a === undefined || b === undefined ? null : new URLSearchParams({ a, b });
}
