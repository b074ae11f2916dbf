// A picture before it is drawn: what is on it, the same as a sentence and as a table. Plain data, so that a page can be sent it.
import type { Metric } from '../../analysis/compare/input.ts';
import type { Column, Row } from '../../text/layout.ts';

/** How numbers along an axis are written. `count`: whole, `change`: a difference with its sign. */
export type Scale = {
  readonly name: string;
  readonly unit: Metric | 'count';
  readonly isChange: boolean;
};

/** What is told of a mark when it is reached by the mouse or the keys. */
export type Told = {
  readonly words: string /** Whose answers it is about; null = of several. */;
  readonly scenario: string | null;
};

export type IntervalRow = Told & {
  readonly name: string;
  /** A part of the row above it. */
  readonly isPart: boolean;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  /** Beside it, in numbers. */
  readonly text: string;
  /** What it was made of. */
  readonly dots: readonly (Told & { readonly at: number })[];
};

export type Line = {
  readonly name: string;
  readonly points: readonly (Told & {
    readonly x: number;
    readonly y: number;
    readonly low: number;
    readonly high: number;
  })[];
};

export type Spot = Told & {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly low: number;
  readonly high: number;
};

export type Figure =
  /** `zero`: a line that intervals are held against; null = none. */
  | {
      readonly kind: 'intervals';
      readonly x: Scale;
      readonly zero: number | null;
      readonly rows: readonly IntervalRow[];
    }
  | { readonly kind: 'lines'; readonly x: Scale; readonly y: Scale; readonly lines: readonly Line[] }
  | { readonly kind: 'spots'; readonly x: Scale; readonly y: Scale; readonly spots: readonly Spot[] };

export type Plot = {
  /** One on a page: `differences`. */
  readonly id: string;
  readonly title: string;
  /** What is to be seen, for whoever does not see it. */
  readonly words: string;
  readonly figure: Figure;
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
};

/** In the order in which keys go through them. */
export function toldIn(figure: Figure): readonly Told[] {
  switch (figure.kind) {
    case 'intervals':
      return figure.rows.flatMap((row) => [row, ...row.dots]);
    case 'lines':
      return figure.lines.flatMap(({ points }) => points);
    case 'spots':
      return figure.spots;
  }
}
