// The log of a remote: which packs were pushed, in which order. One object an entry, created once and never changed; each names the one
// before it by the digest of its bytes, so that nothing can be taken out of the middle or put there without being noticed. Pure.
//
//   log/000000000001.json <- log/000000000002.json <- ...          log/000000000001-000000000100.json: the same hundred at once
import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalJson, sha256 } from '../../core/canonical.ts';
import { isInvocationId } from '../../core/invocation-id.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { parseExactObject } from '../../core/untrusted-json.ts';

export const LOG_VERSION = 1;
/** Entries that are fetched at once by who has none of them. */
export const BUNDLE = 100;
/** Of one entry; a bundle may have a hundred times as many. */
export const MAX_ENTRY_BYTES = 4 * 1024 * 1024;
export const MAX_BUNDLE_BYTES = 64 * 1024 * 1024;

export type PushedInvocation = {
  readonly name: string;
  readonly records: number;
  readonly scores: number;
  /** It had not ended where it was pushed from, or was killed: there may be more of it. Left out = it is whole. */
  readonly going?: true;
  /** Lines that were archived, damaged or without a body where it was pushed from: somebody may have them. Left out = none. */
  readonly lacks?: number;
};

export type LogEntry = {
  readonly v: number;
  /** From 1, without gaps. */
  readonly n: number;
  readonly experiment: string;
  /** SHA-256 of the bytes of entry n - 1; null = this is the first. */
  readonly prev: string | null;
  readonly pack: { readonly sha256: string; readonly bytes: number };
  readonly invocations: readonly PushedInvocation[];
  /** Of the bodies in the pack: later packs do not bring them again. */
  readonly blobs: readonly string[];
  readonly at: string;
  readonly expgraph: string;
  /** HMAC-SHA256 of everything else, by a key that who pushes and who pulls share; left out = it was not signed. */
  readonly signature?: string;
};

/** An entry with its bytes as they are kept there. */
export type KeptEntry = { readonly entry: LogEntry; readonly text: string; readonly digest: string };

export function entryName(n: number): string {
  return `log/${digits(n)}.json`;
}

/** The hundred whose last is `n`. */
export function bundleName(n: number): string {
  return `log/${digits(n - BUNDLE + 1)}-${digits(n)}.json`;
}

export function packName(digest: string): string {
  return `packs/${digest}.tar.zst`;
}

function digits(n: number): string {
  return String(n).padStart(12, '0');
}

/** One line, as it is put there. */
export function writeEntry(entry: Omit<LogEntry, 'signature'>, key: string | null): KeptEntry {
  const signed = key === null ? entry : { ...entry, signature: signatureOf(entry, key) };
  const text = `${canonicalJson(signed)}\n`;
  return { entry: signed, text, digest: sha256(text) };
}

/** What one object of the log says. @param prev digest of the entry before; null = it has to be the first */
export function readEntry(
  text: string,
  expected: { readonly n: number; readonly experiment: string; readonly prev: string | null },
): Result<KeptEntry, string> {
  const parsed = parseExactObject(text);
  if (parsed.kind === 'err') return err(/^\s*</.test(text) ? A_PAGE : 'is damaged: it is no entry of a log');
  const value: JsonObject = parsed.value;
  if (value.v !== LOG_VERSION)
    return err(
      `is of version ${String(value.v).slice(0, 20)}, and this expgraph reads ${LOG_VERSION}: update expgraph`,
    );
  const entry = entryIn(value);
  if (entry === null) return err('is damaged: it is no entry of a log');
  if (entry.experiment !== expected.experiment)
    return err(`is of the experiment ${JSON.stringify(entry.experiment.slice(0, 80))}`);
  if (entry.n !== expected.n) return err(`has the number ${entry.n}`);
  if (entry.prev !== expected.prev)
    return err('does not follow the entry that was there before it: the log was changed, or begun anew');
  return ok({ entry, text, digest: sha256(text) });
}

const A_PAGE =
  'is a web page and no entry of a log: what answers there wants somebody to log in, or is no store of files (npx expgraph doctor)';

/** Bundles have an entry a line, as the entries have them. */
export function linesOfBundle(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [`${line}\n`]));
}

/** null = it may be trusted. @param key null = nobody asks for signatures */
export function signatureProblem({ signature, ...entry }: LogEntry, key: string | null): string | null {
  if (key === null) return null;
  if (signature === undefined) return 'is not signed';
  const [given, wanted] = [Buffer.from(signature), Buffer.from(signatureOf(entry, key))];
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return null;
  return 'has a signature that the key does not give';
}

function signatureOf(entry: Omit<LogEntry, 'signature'>, key: string): string {
  return createHmac('sha256', key).update(canonicalJson(entry)).digest('hex');
}

const HEX_64 = /^[0-9a-f]{64}$/;
const MAX_INVOCATIONS = 10_000;

function entryIn(value: JsonObject): LogEntry | null {
  const { n, experiment, prev, pack, invocations, blobs, at, expgraph, signature } = value;
  if (!isCount(n) || n < 1 || typeof experiment !== 'string') return null;
  if (prev !== null && !isDigest(prev)) return null;
  if (!isJsonObject(pack as Json)) return null;
  const { sha256: digest, bytes } = pack as JsonObject;
  if (!isDigest(digest) || !isCount(bytes)) return null;
  if (!Array.isArray(invocations) || invocations.length > MAX_INVOCATIONS) return null;
  const pushed = (invocations as readonly Json[]).map(pushedIn);
  if (pushed.includes(null)) return null;
  if (!Array.isArray(blobs) || !(blobs as readonly Json[]).every(isDigest)) return null;
  if (typeof at !== 'string' || typeof expgraph !== 'string') return null;
  if (signature !== undefined && typeof signature !== 'string') return null;
  return {
    v: LOG_VERSION,
    n,
    experiment,
    prev: prev as string | null,
    pack: { sha256: digest, bytes },
    invocations: pushed as readonly PushedInvocation[],
    blobs: blobs as readonly string[],
    at,
    expgraph,
    ...(signature === undefined ? {} : { signature }),
  };
}

function pushedIn(value: Json): PushedInvocation | null {
  if (!isJsonObject(value)) return null;
  const { name, records, scores, going, lacks } = value;
  if (typeof name !== 'string' || !isInvocationId(name)) return null;
  if (!isCount(records) || !isCount(scores)) return null;
  if (going !== undefined && going !== true) return null;
  if (lacks !== undefined && !isCount(lacks)) return null;
  return {
    ...{ name, records, scores },
    ...(going === undefined ? {} : { going }),
    ...(lacks === undefined ? {} : { lacks }),
  };
}

function isCount(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isDigest(value: Json | undefined): value is string {
  return typeof value === 'string' && HEX_64.test(value);
}
