// Reads on in a remote's log: entries that were not seen yet, in their order. A hundred at once where there are as many.
import { err, ok, type Result } from '../../core/result.ts';
import { RemoteError } from '../../remote/remote.ts';
import {
  BUNDLE,
  bundleName,
  entryName,
  type KeptEntry,
  linesOfBundle,
  MAX_BUNDLE_BYTES,
  MAX_ENTRY_BYTES,
  readEntry,
} from './entries.ts';
import type { Share } from './files.ts';

/** Asked for at once: most of the time of a small object is the way there and back. */
const AHEAD = 8;

type Fetching = Pick<Share, 'remote' | 'mirror' | 'experiment' | 'signal'>;

/** Ends where the log does. @throws RemoteError; an entry that cannot be one ends the log with `err` */
export async function* newEntries(share: Fetching): AsyncGenerator<Result<KeptEntry, string>> {
  let n = share.mirror.entries.length;
  let prev = share.mirror.head();
  const read = (text: string): Result<KeptEntry, string> => {
    const entry = readEntry(text, { n: n + 1, experiment: share.experiment, prev });
    if (entry.kind === 'err') return err(`${entryName(n + 1)} ${entry.error}`);
    n++;
    prev = entry.value.digest;
    return ok(entry.value);
  };
  for (;;) {
    const hundred = n % BUNDLE === 0 ? await bundleAfter(share, { n, prev }) : null;
    if (hundred !== null) {
      n += BUNDLE;
      prev = hundred.at(-1)!.digest;
      for (const entry of hundred) yield ok(entry);
      continue;
    }
    const texts = await singlesAfter(share, n);
    for (const text of texts) {
      const entry = read(text);
      yield entry;
      if (entry.kind === 'err') return;
    }
    if (texts.length < AHEAD) return;
  }
}

/** What is there of the log beside what was seen: the same, or another one. */
export async function isSameLog(share: Fetching): Promise<boolean> {
  const last = share.mirror.entries.at(-1);
  if (last === undefined) return true;
  return (await textOf(share, entryName(last.entry.n), MAX_ENTRY_BYTES)) === last.text;
}

/** null = there is none, or it is not what the entries say: they themselves are asked for. */
async function bundleAfter(
  share: Fetching,
  { n, prev }: { readonly n: number; readonly prev: string | null },
): Promise<readonly KeptEntry[] | null> {
  const text = await textOf(share, bundleName(n + BUNDLE), MAX_BUNDLE_BYTES).catch((cause: unknown) => {
    if (cause instanceof RemoteError && cause.kind === 'too-large') return null;
    throw cause;
  });
  const lines = text === null ? [] : linesOfBundle(text);
  if (lines.length !== BUNDLE) return null;
  const hundred: KeptEntry[] = [];
  for (const line of lines) {
    const before = hundred.at(-1)?.digest ?? prev;
    const entry = readEntry(line, {
      n: n + 1 + hundred.length,
      experiment: share.experiment,
      prev: before,
    });
    if (entry.kind === 'err') return null;
    hundred.push(entry.value);
  }
  // Nothing in it says what its last line has to be.
  const last = await textOf(share, entryName(n + BUNDLE), MAX_ENTRY_BYTES);
  return last === null || last === lines.at(-1) ? hundred : null;
}

async function singlesAfter(share: Fetching, n: number): Promise<readonly string[]> {
  const first = await textOf(share, entryName(n + 1), MAX_ENTRY_BYTES);
  if (first === null) return [];
  const more = await Promise.all(
    Array.from({ length: AHEAD - 1 }, (_, i) => textOf(share, entryName(n + 2 + i), MAX_ENTRY_BYTES)),
  );
  const gap = more.indexOf(null);
  return [first, ...(gap < 0 ? more : more.slice(0, gap))] as readonly string[];
}

async function textOf(share: Fetching, name: string, maxBytes: number): Promise<string | null> {
  const bytes = await share.remote.get(name, { maxBytes, signal: share.signal });
  return bytes === null ? null : Buffer.from(bytes).toString('utf8');
}
