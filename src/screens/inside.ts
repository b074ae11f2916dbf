// What a file that works from disk has inside: answers by request. Written by project/report and project/review, read by the page.
import type { Query, ScreenName } from './screen.ts';

/** `experiment`, or `scenario?scenario=...` as `requestName` says it. */
export type Inside = {
  readonly answers: Readonly<Record<string, unknown>>;
  /** Files of inputs, by the digest of their bytes; those that are not here were left out. Absent: there are none. */
  readonly files?: Readonly<Record<string, InsideFile>>;
};

/** `type` by its bytes; `data` in base64. */
export type InsideFile = { readonly type: string; readonly data: string };

/** The element that holds it: gzip in base64. */
export const DATA_ID = 'expgraph-data';

/** The matrix is chosen out of what is below this name. */
export const INDEX = 'matrix-index';

/** What of a query says which answer is meant; the rest says how it is looked at. Absent: the screen has one answer. */
const NAMED_BY: { readonly [name in ScreenName]?: readonly string[] } = {
  scenario: ['scenario'],
  cell: ['variant', 'scenario', 'run'],
  diff: ['a', 'b'],
  compare: ['variant', 'metric', 'by', 'cluster'],
  timeline: ['invocation'],
  review: ['part'],
};

/** One name for requests that mean the same, whatever order their query is in. */
export function requestName(name: ScreenName, query: Query): string {
  const named = new URLSearchParams(
    (NAMED_BY[name] ?? []).flatMap((key) => query.getAll(key).map((value): [string, string] => [key, value])),
  ).toString();
  return named === '' ? name : `${name}?${named}`;
}
