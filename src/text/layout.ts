// How wide each column of a table is, and what gives way where the table is too wide. Pure.
import { displayWidth } from '../core/text.ts';

export type Column = {
  /** One or two lines. */
  readonly head: string;
  /** Instead of `head` where the table would be too wide. */
  readonly shortHead?: string;
  readonly align?: 'left' | 'right';
  /** May be cut where the table is too wide; down to this it is still readable. */
  readonly shrinksTo?: number;
  /** `names`: different cells stay different. Default: at the end. */
  readonly cut?: 'names' | 'end';
};

export type Row =
  | { readonly kind: 'cells'; readonly cells: readonly string[]; readonly tone?: Tone }
  | { readonly kind: 'rule' }
  /** Lines of their own, over all columns. */
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'note'; readonly text: string };

export type Tone = 'plain' | 'strong' | 'good' | 'bad' | 'weak';

export type Layout = {
  readonly heads: readonly string[];
  readonly widths: readonly number[];
  readonly gap: number;
};

/** Full heads; else short ones; else closer together. Names are cut only where none of these is enough. */
export function layoutOf(
  table: { readonly columns: readonly Column[]; readonly rows: readonly Row[] },
  width: number,
): Layout {
  const { columns, rows } = table;
  const full = columns.map(({ head }) => head);
  const short = columns.map(({ head, shortHead }) => shortHead ?? head);
  const loose = { heads: full, gap: 2, widths: naturalWidths(full, rows) };
  const close = { heads: short, gap: 2, widths: naturalWidths(short, rows) };
  const tight = { ...close, gap: 1 };
  const layouts = [loose, close, tight];
  const readable = (column: Column): number => column.shrinksTo ?? Number.POSITIVE_INFINITY;
  const least = (column: Column): number =>
    column.shrinksTo === undefined ? Number.POSITIVE_INFINITY : MIN_CUT;
  const cut = layouts.map((layout) => shrink(layout, { limits: columns.map(readable), width }));
  const last = shrink(tight, { limits: columns.map(least), width });
  return [...layouts, ...cut].find((layout) => totalWidth(layout) <= width) ?? last;
}

/** Where even that is too wide. */
const MIN_CUT = 8;

function naturalWidths(heads: readonly string[], rows: readonly Row[]): readonly number[] {
  // At least 1: the package takes 0 for "as wide as needed".
  const widths = heads.map((head) => Math.max(1, ...head.split('\n').map(displayWidth)));
  for (const row of rows) {
    if (row.kind !== 'cells') continue;
    row.cells.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell));
    });
  }
  return widths;
}

/** Cuts columns down to their limits until the table fits, the last ones first. */
function shrink(
  layout: Layout,
  { limits, width }: { readonly limits: readonly number[]; readonly width: number },
): Layout {
  const widths = [...layout.widths];
  let excess = totalWidth(layout) - width;
  for (let i = widths.length - 1; i >= 0; i--) {
    const taken = Math.max(0, Math.min(excess, widths[i]! - limits[i]!));
    widths[i]! -= taken;
    excess -= taken;
  }
  return { ...layout, widths };
}

export function totalWidth({ widths, gap }: Layout): number {
  return widths.reduce((sum, width) => sum + width, 0) + gap * Math.max(0, widths.length - 1);
}
