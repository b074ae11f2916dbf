// Texts of others inside of Markdown: in a fence that is longer than any in them, and in HTML of ours without markup, names that would be
// told, or links. Pure.
import { sanitizeBlock } from '../../core/text.ts';
import { escapeHtml } from '../../text/sheet-escape.ts';

/** As it is, and nothing in it is obeyed: GitHub finds no mention and no link within. Ends with a line end. */
export function fenced(text: string, language = 'text'): string {
  const shown = sanitizeBlock(text).replace(/\n+$/, '');
  const longest = [...shown.matchAll(/`+/g)].reduce((most, [ticks]) => Math.max(most, ticks.length), 0);
  const fence = '`'.repeat(Math.max(3, longest + 1));
  return `${fence}${language}\n${shown}\n${fence}\n`;
}

/** In the line of a `<summary>`: GitHub looks for names and links in the text that comes out. */
export function htmlInMarkdown(text: string): string {
  return escapeHtml(text).replace(/@|:(?=\/\/)|#(?=\d)|\b(?:www(?=\.)|gh(?=-\d))/gi, '$&<!-- -->');
}

/** Folded; what is inside is Markdown of ours. */
export function folded(summary: string, inside: string): string {
  return `<details>\n<summary>${htmlInMarkdown(summary)}</summary>\n\n${inside.replace(/\n+$/, '')}\n\n</details>\n`;
}
