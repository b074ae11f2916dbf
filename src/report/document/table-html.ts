// A table as HTML that looks like the page's own. Pure.
import type { Column, Row } from '../../text/layout.ts';
import { escapeHtml } from '../../text/sheet-escape.ts';

export function tableHtml(columns: readonly Column[], rows: readonly Row[]): string {
  const side = (i: number): string => (columns[i]?.align === 'right' ? ' class="num"' : '');
  const heads = columns.map(
    ({ head }, i) =>
      `<th scope="col"${side(i)}>${escapeHtml(head.replace('/\n', '/').replace('\n', ' '))}</th>`,
  );
  const lines = rows.map((row) => {
    if (row.kind === 'rule') return '';
    if (row.kind !== 'cells')
      return `<tr class="muted"><td colspan="${columns.length}">${escapeHtml(row.text)}</td></tr>`;
    const cells = row.cells.map((cell, i) =>
      i === 0
        ? `<th scope="row"${cell.startsWith(' ') ? ' class="inner"' : ''}>${escapeHtml(cell.trimStart())}</th>`
        : `<td${cell.length > LONG ? ' class="long"' : side(i)}>${escapeHtml(cell)}</td>`,
    );
    return `<tr class="tone-${row.tone ?? 'plain'}">${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table class="data"><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

/** As on the page: a text is read over several lines. */
const LONG = 40;
