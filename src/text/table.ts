// Tables as text: the only file that knows the package `cli-table3`. Cells are one line high, rules are ours.
import CliTable from 'cli-table3';
import { fitNames } from '../core/names.ts';
import { cutText, sanitizeLine } from '../core/text.ts';
import { makeColors } from './colors.ts';
import { type Column, type Layout, layoutOf, type Row, totalWidth } from './layout.ts';

export type { Column, Row, Tone } from './layout.ts';

/** How a table looks; every table of the house takes this. */
export type TextOptions = {
  /** Width of what it is printed on. */
  readonly columns: number;
  readonly colors: boolean;
};

/** Ends with a line end. Control characters of cells are made visible. */
export function renderTable(
  table: { readonly columns: readonly Column[]; readonly rows: readonly Row[] },
  options: TextOptions,
): string {
  const rows = table.rows.map((row) =>
    row.kind === 'cells' ? { ...row, cells: row.cells.map(sanitizeLine) } : row,
  );
  const layout = layoutOf({ columns: table.columns, rows }, options.columns);
  const heads = layout.heads.map((head) => head.split('\n'));
  const height = Math.max(...heads.map((lines) => lines.length));
  // Two-line heads stand on the rule: the short ones are filled up from above.
  const headRows = Array.from({ length: height }, (_, line) =>
    heads.map((lines) => lines[line - (height - lines.length)] ?? ''),
  );
  const cells = rows.flatMap((row) => (row.kind === 'cells' ? [row.cells] : []));
  const cellRows = fitCells(cells, { columns: table.columns, layout });
  const lines = drawCells({ rows: [...headRows, ...cellRows], columns: table.columns, layout });
  return paint({ lines, height, rows, layout, options });
}

function fitCells(
  rows: readonly (readonly string[])[],
  { columns, layout }: { readonly columns: readonly Column[]; readonly layout: Layout },
): readonly (readonly string[])[] {
  const names = columns.map(({ cut }, i) =>
    cut === 'names'
      ? fitNames(
          rows.map((cells) => cells[i] ?? ''),
          layout.widths[i]!,
        )
      : null,
  );
  return rows.map((cells) =>
    cells.map((cell, i) => names[i]?.get(cell) ?? cutText(cell, { width: layout.widths[i]!, from: 'end' })),
  );
}

type Drawn = {
  readonly rows: readonly (readonly string[])[];
  readonly columns: readonly Column[];
  readonly layout: Layout;
};

/** The package takes 0.15 ms a row, and its time grows with the square of the rows: it draws some at a time, all of the same widths. */
const ROWS_AT_ONCE = 16;

function drawCells(drawn: Drawn): readonly string[] {
  const { rows } = drawn;
  const lines: string[] = [];
  for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
    lines.push(...drawSome({ ...drawn, rows: rows.slice(first, first + ROWS_AT_ONCE) }));
  }
  return lines;
}

/** Neither borders nor colours come from the package: only the cells, aligned. */
function drawSome({ rows, columns, layout }: Drawn): readonly string[] {
  const none = { top: '', 'top-mid': '', 'top-left': '', 'top-right': '', left: '', right: '' };
  const table = new CliTable({
    chars: {
      ...none,
      bottom: '',
      'bottom-mid': '',
      'bottom-left': '',
      'bottom-right': '',
      'left-mid': '',
      mid: '',
      'mid-mid': '',
      'right-mid': '',
      middle: ' '.repeat(layout.gap),
    },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: columns.map(({ align }) => align ?? 'left'),
    colWidths: [...layout.widths],
  });
  table.push(...rows.map((cells) => [...cells]));
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd());
}

function paint(input: {
  readonly lines: readonly string[];
  readonly height: number;
  readonly rows: readonly Row[];
  readonly layout: Layout;
  readonly options: TextOptions;
}): string {
  const colors = makeColors(input.options.colors);
  const rule = colors.dim('─'.repeat(totalWidth(input.layout)));
  const tones = {
    plain: String,
    strong: colors.bold,
    good: colors.good,
    bad: colors.error,
    weak: colors.dim,
  };
  const painted = input.lines.slice(0, input.height).map((line) => colors.bold(line));
  painted.push(rule);
  let next = input.height;
  for (const row of input.rows) {
    if (row.kind === 'rule') painted.push(rule);
    else if (row.kind === 'heading') painted.push(colors.bold(sanitizeLine(row.text)));
    else if (row.kind === 'note') painted.push(colors.dim(sanitizeLine(row.text)));
    else painted.push(tones[row.tone ?? 'plain'](input.lines[next++]!));
  }
  return `${painted.join('\n')}\n`;
}
