// Two shares of cells, one an arm: whether they are further apart than chance puts them, in words. Pure.
import { formatCount } from '../../text/format.ts';
import { fisherExact } from '../statistics/exact.ts';

export type Share = { readonly some: number; readonly all: number };

/**
 * `3 of 30`, `14 of 30`, and p by R. A. Fisher's exact test; null = one of them has no cells, or p is not below the level, or
 * they are closer than matters. As it is said of retries: five points, and 1 %.
 */
export function sharesApart(
  first: Share,
  second: Share,
  { level = 0.01, points = 0.05 }: { readonly level?: number; readonly points?: number } = {},
): readonly [first: string, second: string, p: number] | null {
  if (first.all === 0 || second.all === 0) return null;
  if (Math.abs(first.some / first.all - second.some / second.all) < points) return null;
  const [b, d] = [first.all - first.some, second.all - second.some];
  const p = fisherExact({ a: first.some, b, c: second.some, d });
  return p >= level ? null : [percent(first), percent(second), p];
}

function percent({ some, all }: Share): string {
  return `${Math.round((100 * some) / all)} %`;
}

/** `20 of 30` */
export function countsOf({ some, all }: Share): string {
  return `${formatCount(some)} of ${formatCount(all)}`;
}
