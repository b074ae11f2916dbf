// Large bodies: which fields of a line may become a blob, when, and how one is named in its place.
import type { AnyRecord } from '../../core/record.ts';
import { type Redact, redactedJson } from '../../core/redact.ts';
import { longJson } from './long-json.ts';

export type BlobRef = { readonly sha256: string; readonly bytes: number };

/** A body whose JSON text is longer than this many bytes is kept in a file of its own. */
export const BLOB_BYTES: number = 64 * 1024;

/** From about here on making the text in one go would be felt by other tasks. */
const LONG_BYTES = 4 << 20;

/** Bodies of a record; a part has one: `content`. */
export const BODY_FIELDS = ['input', 'output'] as const;

/** JSON texts to put into a line in place of its fields, by the field's name: made once, secrets taken out. */
export type BodyTexts = ReadonlyMap<string, string>;

/** The blob that stands for a body, or null where the body itself stands there. */
export function blobRefOf(value: unknown): BlobRef | null {
  if (typeof value !== 'object' || value === null) return null;
  const names = Object.keys(value);
  if (names.length !== 1 || names[0] !== 'blob') return null;
  const { sha256, bytes } = ((value as { blob: unknown }).blob ?? {}) as {
    sha256?: unknown;
    bytes?: unknown;
  };
  // Only 64 hex digits ever become part of a path.
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return null;
  return typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes > 0 ? { sha256, bytes } : null;
}

/** Every blob that a line of the history names: its bodies, and the files that its input showed. */
export function namedBlobs(line: { readonly [field: string]: unknown }): readonly BlobRef[] {
  return [...blobRefsOf(line), ...mediaRefsOf(line)];
}

/**
 * Files of the input. A record is whole without them: an answer that was paid for is not lost because a picture is. They are kept,
 * checked and archived with it all the same.
 */
export function mediaRefsOf(line: { readonly type?: unknown; readonly media?: unknown }): readonly BlobRef[] {
  if (line.type !== 'scenario_result' || !Array.isArray(line.media)) return [];
  return line.media.flatMap((ref: unknown) => blobRefOf({ blob: ref }) ?? []);
}

/** Blobs that stand for bodies of a line of the history: without them it is damaged. */
export function blobRefsOf(line: { readonly [field: string]: unknown }): readonly BlobRef[] {
  const fields = line.type === 'scenario_result' ? BODY_FIELDS : line.type === 'part' ? ['content'] : [];
  return fields.flatMap((field) => blobRefOf(line[field]) ?? []);
}

/** False for nearly every entry, at the price of a walk over its values; true where a text has to be measured. */
export function mayNeedBlobs(entry: {
  readonly record: AnyRecord;
  readonly parts: readonly { readonly content: unknown }[];
}): boolean {
  const { record } = entry;
  const bodies: unknown[] = record.type === 'score' ? [] : BODY_FIELDS.map((field) => record[field]);
  for (const { content } of entry.parts) bodies.push(content);
  return bodies.some((body) => atMost(body, BLOB_BYTES) < 0);
}

/** `limit` less the most bytes that the value's JSON can take; negative as soon as that is more. */
function atMost(value: unknown, limit: number): number {
  // A character takes up to six bytes (\u0001), a number up to 25.
  if (typeof value === 'string') return limit - 6 * value.length - 3;
  if (typeof value !== 'object' || value === null) return limit - 26;
  let left = limit - 2;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length && left >= 0; i++) left = atMost(value[i], left);
    return left;
  }
  for (const name in value) {
    if (left < 0) break;
    left = atMost((value as Record<string, unknown>)[name], left - 6 * name.length - 4);
  }
  return left;
}

/**
 * The text of a body as the line will hold it. A long one is given to `keep`, which makes it durable first.
 * Its text is made once, searched once and hashed once: at 60 MB each pass is felt.
 */
export async function bodyText(
  body: unknown,
  input: { readonly redact: Redact; readonly keep: (text: string) => Promise<BlobRef> },
): Promise<{ readonly text: string; readonly ref: BlobRef | null; readonly isRedacted: boolean }> {
  const made = atMost(body, LONG_BYTES) < 0 ? await longJson(body) : JSON.stringify(body);
  const { text, isRedacted } = redactedJson(body, { redact: input.redact, text: made });
  // Most texts are so short or so long that nothing has to be counted.
  const isLong = text.length > BLOB_BYTES || Buffer.byteLength(text) > BLOB_BYTES;
  if (!isLong) return { text, ref: null, isRedacted };
  const ref = await input.keep(text);
  return { text: JSON.stringify({ blob: ref }), ref, isRedacted };
}
