// A report before it has a form: blocks of tables, sentences, lists and charts, for text, markdown and HTML alike. Plain data.
import type { Column, Row } from './layout.ts';

export type Block =
  | { readonly kind: 'title'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: string | null;
      readonly columns: readonly Column[];
      readonly rows: readonly Row[];
    }
  /** Only where pictures can be drawn. */
  | { readonly kind: 'chart'; readonly chart: Chart }
  | {
      readonly kind: 'sentences';
      readonly head: string | null;
      readonly tone: 'plain' | 'weak' | 'warning' | 'error';
      readonly sentences: readonly string[];
    }
  | {
      readonly kind: 'list';
      readonly head: string;
      readonly items: readonly Item[];
      readonly more: number;
    };

/** A name to be copied, and what is said of it; empty = nothing. */
export type Item = { readonly name: string; readonly note: string };

/** One interval a row, on one scale. */
export type Chart = {
  readonly head: string;
  readonly rows: readonly ChartRow[];
  /** A line that intervals are held against; null = none. */
  readonly zero: number | null;
  readonly format: (value: number) => string;
};

export type ChartRow = {
  readonly name: string;
  readonly low: number;
  readonly middle: number;
  readonly high: number;
  readonly text: string;
};

/** A list that begins with the first ones. */
export function listOf(head: string, items: readonly Item[], most: number): Block {
  return { kind: 'list', head, items: items.slice(0, most), more: Math.max(0, items.length - most) };
}
