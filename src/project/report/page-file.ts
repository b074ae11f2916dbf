// One file that works from disk, by itself: the page's script and styles, its data, and what is read where no script runs.
// Some places show files of others without running their script (pages of CI among them), so the fallback is no courtesy.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { DATA_ID, type Inside } from '../../screens/inside.ts';
import { escapeHtml } from '../../text/sheet-escape.ts';

export type PageFile = {
  /** As it is: it is escaped here. */
  readonly title: string;
  readonly inside: Inside;
  /** HTML of ours in which everything of others is escaped; without script, style and event attributes: the page forbids them. */
  readonly fallback: string;
};

const PAGE = new URL('../../../dist/page/', import.meta.url);

/** @returns HTML; the same bytes for the same data */
export function pageFile({ title, inside, fallback }: PageFile): string {
  const script = withinScript(readFileSync(new URL('page.js', PAGE), 'utf8'));
  const style = readFileSync(new URL('page.css', PAGE), 'utf8');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policyOf({ script, style })}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    '<link rel="icon" href="data:,">',
    `<title>${escapeHtml(title)}</title>`,
    `<style>${style}</style>`,
    '</head>',
    '<body>',
    `<div id="app">${fallback}</div>`,
    `<script type="application/octet-stream" id="${DATA_ID}">${packed(inside)}</script>`,
    `<script type="module">${script}</script>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/**
 * Nothing runs but our script, nothing is fetched, and no text can become HTML: where a text of a model found a way to be
 * taken for one, it would still be a violation.
 */
function policyOf({ script, style }: { readonly script: string; readonly style: string }): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data: blob:',
    'media-src blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** Of what the browser sees: it reads CR LF as LF. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text.replaceAll(/\r\n?/g, '\n')).digest('base64')}`;
}

/** What would end or confuse the element stands in strings of the script alone, and there a backslash changes nothing. */
function withinScript(script: string): string {
  return script.replaceAll(/<(?=\/script|script|!--)/gi, String.raw`\x3c`);
}

function packed(inside: Inside): string {
  const bytes = gzipSync(JSON.stringify(inside), { level: 9 });
  // Which system packed it says nothing about the data: 255 is "unknown" (RFC 1952).
  bytes[9] = 255;
  return bytes.toString('base64');
}
