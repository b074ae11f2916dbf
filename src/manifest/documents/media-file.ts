// A file that a message names, read once: what it is by its bytes, and the digest that counts. Looked at before it is opened,
// and opened without waiting: a pipe or a device would never end.
import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { MediaKind, MediaPart } from '../../core/media.ts';
import { HEAD_BYTES, otherWords, pictureSize, sniffMedia } from '../../core/media-bytes.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { checkFile, showBytes, unreadable } from './read.ts';

/** What vendors take of one file (docs/media.md has the sources): beyond this each of them refuses, after the upload. */
export const MAX_MEDIA_BYTES: { readonly [kind in MediaKind]: number } = {
  image: 20_000_000,
  pdf: 32_000_000,
  audio: 25_000_000,
};

/** `message` is to be read after the file's name. */
export type MediaProblem = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
};

/** A file as it is, whatever it is wanted as. */
export type MediaFacts = Omit<MediaPart, 'file'>;

/** @param shown as it was written @returns its path from the folder, with `/` */
export function placeOf(shown: string): Result<string, MediaProblem> {
  const place = path.posix.normalize(shown.replace(/^(?:\.\/)+/, ''));
  const isInside = !path.isAbsolute(shown) && place !== '..' && !place.startsWith('../');
  if (isInside) return ok(place);
  const message = "lies outside of the experiment's folder";
  return err({ code: 'outside-folder', message, hint: COPY });
}

const COPY = 'copy the file beside the manifest, or below it';

export function readMediaFile(input: {
  /** Absolute. */
  readonly file: string;
  readonly folder: string;
}): Result<MediaFacts, MediaProblem> {
  const checked = checkFile({ ...input, maxBytes: Number.MAX_SAFE_INTEGER });
  if (checked.kind === 'err')
    return checked.error.code === 'link-leaves' ? err({ ...checked.error, hint: COPY }) : checked;
  if (checked.value === 0) return err({ code: 'empty-file', message: 'is empty', hint: null });
  const most = Math.max(...Object.values(MAX_MEDIA_BYTES));
  if (checked.value > most) return err(tooLarge(checked.value, most));
  try {
    return factsOf(input.file, most);
  } catch (error) {
    return err(unreadable(error));
  }
}

/** What is wrong with a file that is wanted as this kind; null = nothing. */
export function kindProblem(facts: MediaFacts, wanted: MediaKind): MediaProblem | null {
  if (facts.type !== wanted) {
    const message = `is wanted as ${wanted}, but begins like ${NAMES[facts.media_type] ?? facts.media_type}`;
    return { code: 'wrong-kind', message, hint: `write type: ${facts.type}, or name another file` };
  }
  const most = MAX_MEDIA_BYTES[wanted];
  return facts.bytes > most ? tooLarge(facts.bytes, most) : null;
}

const NAMES: { readonly [mediaType: string]: string } = {
  'application/pdf': 'a PDF',
  'audio/mpeg': 'an MP3',
  'audio/wav': 'a WAV',
  'image/gif': 'a GIF',
  'image/jpeg': 'a JPEG',
  'image/png': 'a PNG',
  'image/webp': 'a WebP',
};

const BLOCK_BYTES = 1_000_000;

function factsOf(file: string, most: number): Result<MediaFacts, MediaProblem> {
  const handle = openSync(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    // It may have become something else since it was looked at.
    if (!fstatSync(handle).isFile())
      return err({ code: 'not-a-file', message: 'is not a regular file', hint: null });
    const hashing = createHash('sha256');
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    let head: Buffer = Buffer.alloc(0);
    let bytes = 0;
    for (let size = readSync(handle, block); size > 0; size = readSync(handle, block)) {
      if (bytes < HEAD_BYTES)
        head = Buffer.concat([head, block.subarray(0, Math.min(size, HEAD_BYTES - bytes))]);
      hashing.update(block.subarray(0, size));
      bytes += size;
      if (bytes > most) return err(tooLarge(bytes, most));
    }
    const is = sniffMedia(head);
    if (is === null) return err(notMedia(head));
    const size = is.kind === 'image' ? pictureSize(head) : null;
    const sha256 = hashing.digest('hex');
    return ok({ type: is.kind, media_type: is.mediaType, sha256, bytes, ...size });
  } finally {
    closeSync(handle);
  }
}

function notMedia(head: Buffer): MediaProblem {
  return {
    code: 'wrong-kind',
    message: otherWords(head) ?? 'begins like nothing that a model takes',
    hint: 'images: PNG, JPEG, GIF, WebP; pdf: PDF; audio: WAV, MP3. The bytes say what it is, not the name',
  };
}

function tooLarge(bytes: number, most: number): MediaProblem {
  return {
    code: 'too-large',
    message: `is ${showBytes(bytes)} large; the limit is ${showBytes(most)}`,
    hint: 'no vendor takes more in one request: make it smaller',
  };
}

/** The bytes of a file that is still as long as it was; null = it is not, or cannot be read. */
export async function readWhole(input: {
  readonly file: string;
  readonly folder: string;
  readonly bytes: number;
}): Promise<Uint8Array | null> {
  const checked = checkFile({ ...input, maxBytes: input.bytes });
  if (checked.kind === 'err' || checked.value !== input.bytes) return null;
  const handle = await open(input.file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0)).catch(() => null);
  if (handle === null) return null;
  try {
    return (await handle.stat()).isFile() ? await handle.readFile() : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}
