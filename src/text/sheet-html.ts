// A sheet as one page of HTML: no script, nothing loaded from elsewhere, light and dark, printable. Pure.
import { formatCount } from './format.ts';
import type { Column, Row } from './layout.ts';
import type { Block } from './sheet.ts';
import { chartSvg } from './sheet-chart.ts';
import { escapeHtml } from './sheet-escape.ts';

/** @param page `title` of the tab; `foot` = where it comes from. */
export function sheetHtml(
  blocks: readonly Block[],
  page: { readonly title: string; readonly foot: string },
): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(page.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${blocks.map(blockHtml).join('\n')}
</main>
<footer>${escapeHtml(page.foot)}</footer>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  const head = (text: string | null): string => (text === null ? '' : `<h2>${escapeHtml(text)}</h2>\n`);
  switch (block.kind) {
    case 'title':
      return `<h1>${escapeHtml(block.text)}</h1>`;
    case 'table':
      return `<section>${head(block.head)}${tableHtml(block.columns, block.rows)}</section>`;
    case 'chart':
      return `<section>${head(block.chart.head)}<figure>${chartSvg(block.chart)}</figure></section>`;
    case 'sentences': {
      const items = block.sentences.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n');
      return `<section class="${block.tone}">${head(block.head)}${items}</section>`;
    }
    case 'list': {
      const items = block.items
        .map(({ name, note }) => `<li><code>${escapeHtml(name)}</code> ${escapeHtml(note)}</li>`)
        .join('');
      const more = block.more > 0 ? `<li>and ${formatCount(block.more)} more</li>` : '';
      return `<section>${head(block.head)}<ul>${items}${more}</ul></section>`;
    }
  }
}

function tableHtml(columns: readonly Column[], rows: readonly Row[]): string {
  const side = (i: number): string => (columns[i]?.align === 'right' ? ' class="right"' : '');
  const heads = columns
    .map(({ head }, i) => `<th scope="col"${side(i)}>${head.split('\n').map(escapeHtml).join('<br>')}</th>`)
    .join('');
  const lines = rows.map((row) => {
    if (row.kind === 'rule') return '';
    if (row.kind !== 'cells')
      return `<tr class="weak"><td colspan="${columns.length}">${escapeHtml(row.text)}</td></tr>`;
    const cells = row.cells.map((cell, i) =>
      i === 0
        ? `<th scope="row">${indented(escapeHtml(cell))}</th>`
        : `<td${side(i)}>${escapeHtml(cell)}</td>`,
    );
    return `<tr class="${row.tone ?? 'plain'}">${cells.join('')}</tr>`;
  });
  return `<div class="wide"><table><thead><tr>${heads}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
}

/** Leading blanks, which HTML would swallow. */
function indented(text: string): string {
  return text.replace(/^ +/, (blanks) => '\u2003'.repeat(Math.ceil(blanks.length / 2)));
}

const STYLE = `
:root { --text: #1c2024; --weak: #60646c; --line: #d9d9e0; --paper: #fff; --point: #0b68cb; --warning: #8a4b00; --error: #b3261e;
  --good: #18794e; }
@media (prefers-color-scheme: dark) {
  :root { --text: #edeef0; --weak: #a0a5ad; --line: #3a3f42; --paper: #16181a; --point: #70b8ff; --warning: #ffc53d; --error: #ff9592;
    --good: #3dd68c; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
main, footer { max-width: 60rem; margin: 0 auto; padding: 1rem 1.25rem; }
h1 { font-size: 1.4rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; overflow-wrap: anywhere; }
p { margin: .4rem 0; max-width: 46rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; width: 100%; }
th, td { padding: .35rem .75rem .35rem 0; text-align: left; vertical-align: bottom; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { font-weight: 600; color: var(--weak); }
tbody th { font-weight: 500; white-space: normal; overflow-wrap: anywhere; min-width: 9rem; }
.right { text-align: right; }
tr.strong > * { font-weight: 600; }
tr.good > * { color: var(--good); }
tr.bad > * { color: var(--error); }
.weak, tr.weak > * { color: var(--weak); }
section.warning p { border-left: 3px solid var(--warning); padding-left: .75rem; }
section.error p { border-left: 3px solid var(--error); padding-left: .75rem; }
figure { margin: 0; overflow-x: auto; }
svg { width: 100%; min-width: 36rem; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); }
svg .tick, svg .text { fill: var(--weak); }
svg .interval { stroke: var(--point); stroke-width: 2; }
svg .point { fill: var(--point); }
svg .axis { stroke: var(--line); }
svg .zero { stroke: var(--weak); stroke-dasharray: 4 3; }
code { font: .9em ui-monospace, monospace; overflow-wrap: anywhere; }
footer { color: var(--weak); font-size: .85rem; }
@media print { body { background: #fff; color: #000; } }
`;
