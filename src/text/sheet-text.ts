// A sheet on a terminal. Pure.
import { sanitizeLine } from '../core/text.ts';
import { makeColors } from './colors.ts';
import { formatCount } from './format.ts';
import type { Block } from './sheet.ts';
import { renderTable, type TextOptions } from './table.ts';
import { wrapWords } from './wrap.ts';

/** Ends with a line end. */
export function sheetText(blocks: readonly Block[], options: TextOptions): string {
  return blocks.flatMap((block) => blockText(block, options) ?? []).join('\n');
}

function blockText(block: Block, options: TextOptions): string | null {
  const colors = makeColors(options.colors);
  const head = (text: string | null): string =>
    text === null ? '' : `${colors.bold(wrapped(text, options, ''))}\n`;
  switch (block.kind) {
    case 'title':
      return head(block.text);
    case 'table':
      return head(block.head) + renderTable(block, options);
    case 'chart':
      return null;
    case 'sentences': {
      const paint = { plain: String, weak: colors.dim, warning: colors.warning, error: colors.error }[
        block.tone
      ];
      const lines = block.sentences.map((sentence) => wrapped(sentence, options, '  '));
      return `${head(block.head)}${lines.map((text) => `${text.split('\n').map(paint).join('\n')}\n`).join('')}`;
    }
    case 'list': {
      const lines = block.items
        .map(({ name, note }) => `  ${sanitizeLine(note === '' ? name : `${name}  ${note}`)}\n`)
        .join('');
      return head(block.head) + lines + (block.more > 0 ? `  and ${formatCount(block.more)} more\n` : '');
    }
  }
}

function wrapped(text: string, { columns }: TextOptions, indent: string): string {
  return wrapWords(sanitizeLine(text), { columns, indent });
}
