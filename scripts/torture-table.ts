// The results of a torture as a table for the terminal and for docs/reliability.md. Pure.

export type RowResult = {
  readonly name: string;
  readonly how: string;
  readonly holds: string;
  readonly full: number;
  readonly unit: string;
  readonly seconds: number;
  readonly end:
    | { readonly kind: 'held'; readonly tried: number; readonly seen: string; readonly cut: boolean }
    | { readonly kind: 'not-held'; readonly why: string }
    | { readonly kind: 'left-out'; readonly why: string };
};

export const BEGIN = '<!-- torture: begin -->';
export const END = '<!-- torture: end -->';

/** One line as a row ends. */
export function rowLine(result: RowResult): string {
  const { name, seconds, end } = result;
  const after = `${name} after ${seconds.toFixed(0)} s`;
  switch (end.kind) {
    case 'held':
      return `${verdict(result)}: ${after}: ${tried(result)}: ${end.seen}`;
    case 'left-out':
      return `left out: ${name}: ${end.why}`;
    case 'not-held':
      return `NOT HELD: ${after}: ${end.why}`;
    default:
      return end satisfies never;
  }
}

export function verdict({ end }: RowResult): string {
  if (end.kind === 'held') return end.cut ? 'held so far, cut by time' : 'held';
  return end.kind === 'left-out' ? `left out: ${end.why}` : 'NOT HELD';
}

export function tried({ full, unit, end }: RowResult): string {
  if (end.kind !== 'held') return `0 of ${count(full)} ${unit}`;
  return end.cut ? `${count(end.tried)} of ${count(full)} ${unit}` : `${count(end.tried)} ${unit}`;
}

/** Markdown, one line a row: row, how, tried, must hold, seen, verdict. */
export function markdownTable(results: readonly RowResult[]): string {
  const lines = results.map((result) =>
    [
      `\`${result.name}\``,
      result.how,
      tried(result),
      result.holds,
      result.end.kind === 'held' ? result.end.seen : '',
      verdict(result),
    ]
      .map(cell)
      .join(' | '),
  );
  return ['row | how | tried | must hold | seen | ', '--- | --- | --- | --- | --- | ---', ...lines]
    .map((line) => `| ${line} |`)
    .join('\n');
}

/** The page with another table between its markers. @throws Error where the page has no markers. */
export function withTable(page: string, table: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page has no ${BEGIN} ... ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n${table}\n${page.slice(end)}`;
}

/** The page with some rows of its table anew; a row that was not there comes last. @throws Error where the page has no markers. */
export function withRows(page: string, results: readonly RowResult[]): string {
  const begin = page.indexOf(BEGIN) + BEGIN.length;
  const end = page.indexOf(END);
  if (end < begin) throw new Error(`the page has no ${BEGIN} ... ${END}`);
  const lines = page.slice(begin, end).trimEnd().split('\n');
  for (const result of results) {
    const line = markdownTable([result]).split('\n').at(-1)!;
    const at = lines.findIndex((one) => one.startsWith(`| \`${result.name}\` |`));
    if (at < 0) lines.push(line);
    else lines[at] = line;
  }
  return `${page.slice(0, begin)}${lines.join('\n')}\n\n${page.slice(end)}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
