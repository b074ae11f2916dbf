// Files that inputs show, as addresses that only this page knows: each is asked for once, with the page's token, and shown as what the
// server says that it is by its bytes.
import type { Source } from './source.ts';

let ask: Source['file'] | null = null;
let why = '';
const known = new Map<string, Promise<string | null>>();
/** Pictures of a few hundred kilobytes, mostly: beyond this the oldest are asked for again. */
const MOST_KNOWN = 300;

export function askFilesOf(source: Pick<Source, 'file' | 'kind'>): void {
  ask = source.file;
  why =
    source.kind === 'file'
      ? 'left out of this file, which holds 8 MB of such files at most; npx expgraph view shows it'
      : 'its bytes are not kept here';
}

/** Why a file is named, and not shown. */
export function whyNotShown(): string {
  return why;
}

/** null = it is not kept, or not inside of this file. */
export function addressOfFile(sha256: string): Promise<string | null> {
  const before = known.get(sha256);
  if (before !== undefined) return before;
  const address = Promise.resolve(ask?.(sha256) ?? null).then((blob) =>
    blob === null ? null : URL.createObjectURL(blob),
  );
  known.set(sha256, address);
  // What is not there now may be kept in a moment.
  void address.then((found) => found ?? known.delete(sha256));
  const [oldest] = known.keys();
  if (known.size > MOST_KNOWN && oldest !== undefined) {
    void known.get(oldest)!.then((url) => url !== null && URL.revokeObjectURL(url));
    known.delete(oldest);
  }
  return address;
}
