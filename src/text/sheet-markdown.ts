// A sheet as Markdown (GitHub's tables), for a pull request or a note. Pure.
import { sanitizeLine } from '../core/text.ts';
import { formatCount } from './format.ts';
import type { Column, Row } from './layout.ts';
import type { Block } from './sheet.ts';

/** Ends with a line end. */
export function sheetMarkdown(blocks: readonly Block[]): string {
  return blocks.flatMap((block) => blockMarkdown(block) ?? []).join('\n');
}

function blockMarkdown(block: Block): string | null {
  const head = (text: string | null): string => (text === null ? '' : `### ${escapeMarkdown(text)}\n\n`);
  switch (block.kind) {
    case 'title':
      return `## ${escapeMarkdown(block.text)}\n`;
    case 'table':
      return head(block.head) + tableMarkdown(block.columns, block.rows);
    case 'chart':
      return null;
    case 'sentences':
      return `${head(block.head)}${block.sentences.map((text) => `- ${escapeMarkdown(text)}\n`).join('')}`;
    case 'list': {
      const items = block.items
        .map(({ name, note }) => `- ${codeSpan(name)}${note === '' ? '' : ` ${escapeMarkdown(note)}`}\n`)
        .join('');
      return `${head(block.head)}${items}${block.more > 0 ? `- and ${formatCount(block.more)} more\n` : ''}`;
    }
  }
}

function tableMarkdown(columns: readonly Column[], rows: readonly Row[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  const lines = [
    line(columns.map(({ head }) => escapeMarkdown(head.replace('/\n', '/').replace('\n', ' ')))),
    line(columns.map(({ align }) => (align === 'right' ? '---:' : '---'))),
  ];
  for (const row of rows) {
    if (row.kind === 'cells') {
      const strong = row.tone === 'strong' ? '**' : '';
      lines.push(
        line(row.cells.map((cell) => (cell === '' ? '' : `${strong}${escapeMarkdown(cell)}${strong}`))),
      );
    } else if (row.kind !== 'rule') {
      lines.push(line([escapeMarkdown(row.text), ...columns.slice(1).map(() => '')]));
    }
  }
  return lines.join('');
}

/**
 * Names and messages of others: no markup, no HTML, no formula, no link, no new cell, nobody mentioned and no other issue. GitHub
 * looks for these in the text that comes out, so a backslash is not enough.
 */
export function escapeMarkdown(text: string): string {
  return sanitizeLine(text)
    .replace(/&/g, '&amp;')
    .replace(/[\\`*_{}[\]<>#|~!$]/g, '\\$&')
    .replace(/^ +/, (blanks) => '\u2003'.repeat(Math.ceil(blanks.length / 2)))
    .replace(/^([-+=]|\d+\.)(?=\s|$)/, '\\$1')
    .replace(/@|:(?=\/\/)|#(?=\d)|\b(?:www(?=\.)|gh(?=-\d))/gi, '$&<!-- -->');
}

/** What is to be copied, as it is: the fence is longer than any row of backticks in it. */
function codeSpan(text: string): string {
  const line = sanitizeLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const pad = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}
