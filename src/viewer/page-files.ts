// The files of the page, read once when the server starts: no request is ever the name of a file, and a page that is served
// fits the server that it asks, whatever is installed meanwhile.
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { err, ok, type Result } from '../core/result.ts';

export type PageFile = {
  readonly type: string;
  readonly body: Uint8Array<ArrayBuffer>;
  readonly etag: string;
};

/** By the path that they are asked for under. */
export type PageFiles = ReadonlyMap<string, PageFile>;

/** All other paths that are pages are this one. */
export const INDEX = '/';

const BUILT = new URL('../../dist/page/', import.meta.url);

/** @returns err: why there is no page, in words for a person */
export function readPageFiles(built: URL = BUILT): Result<PageFiles, string> {
  try {
    const files = new Map([
      [INDEX, made('text/html; charset=utf-8', Buffer.from(HTML))],
      ['/icon.svg', made('image/svg+xml', Buffer.from(ICON))],
      ['/page.js', made('text/javascript; charset=utf-8', readOwn(new URL('page.js', built)))],
      ['/page.css', made('text/css; charset=utf-8', readOwn(new URL('page.css', built)))],
    ]);
    return ok(files);
  } catch (cause) {
    return err(
      `the page cannot be read (${(cause as Error).message}): it is part of the package; install expgraph again, or npm run build in a checkout`,
    );
  }
}

function made(type: string, bytes: Buffer): PageFile {
  const etag = `"${createHash('sha256').update(bytes).digest('base64url')}"`;
  return { type, body: new Uint8Array(bytes), etag };
}

/** A link is none of our files, wherever it leads. */
function readOwn(url: URL): Buffer {
  const open = openSync(fileURLToPath(url), constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    return readFileSync(open);
  } finally {
    closeSync(open);
  }
}

const HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>expgraph</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
</head>
<body>
<div id="app"></div>
<noscript>This page shows an experiment with a script of its own: allow scripts for this address. The commands
status, show and compare say the same in a terminal.</noscript>
</body>
</html>
`;

/** Nine cells, of which one is different. */
const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">${[0, 1, 2]
  .flatMap((row) =>
    [0, 1, 2].map(
      (column) =>
        `<rect x="${1 + column * 5}" y="${1 + row * 5}" width="4" height="4" rx="1" fill="${row === 1 && column === 2 ? '#d97706' : '#2f855a'}"/>`,
    ),
  )
  .join('')}</svg>
`;
