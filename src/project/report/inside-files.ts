// Files of inputs inside of one page: as many as a file that is sent around can hold, each once, in the order in which they are shown.
import { isJsonObject, type Json } from '../../core/json.ts';
import { isMediaPart, type MediaPart } from '../../core/media.ts';
import { sniffMedia } from '../../core/media-bytes.ts';
import type { Inside, InsideFile } from '../../screens/inside.ts';

/** A report of a hundred photographs is no longer something that one mails. */
const MOST_BYTES = 8_000_000;
const MOST_BYTES_OF_ONE = 2_000_000;

export type FilesInside = {
  readonly files: NonNullable<Inside['files']>;
  /** Named where they are shown, without their bytes. */
  readonly left: readonly MediaPart[];
};

/** @param read null = it is not kept any more */
export async function filesInside(
  answers: Inside['answers'],
  read: (sha256: string) => Promise<Uint8Array | null>,
): Promise<FilesInside> {
  const files: Record<string, InsideFile> = {};
  const left: MediaPart[] = [];
  let size = 0;
  for (const part of partsIn(answers).values()) {
    const fits = part.bytes <= MOST_BYTES_OF_ONE && size + part.bytes <= MOST_BYTES;
    const bytes = fits ? await read(part.sha256) : null;
    const is = bytes === null ? null : sniffMedia(bytes);
    if (bytes === null || is === null) {
      left.push(part);
      continue;
    }
    size += bytes.length;
    files[part.sha256] = { type: is.mediaType, data: Buffer.from(bytes).toString('base64') };
  }
  return { files, left };
}

function partsIn(answers: Inside['answers']): ReadonlyMap<string, MediaPart> {
  const found = new Map<string, MediaPart>();
  const look = (value: Json): void => {
    if (isMediaPart(value)) found.set(value.sha256, found.get(value.sha256) ?? value);
    else if (Array.isArray(value)) for (const item of value as readonly Json[]) look(item);
    else if (isJsonObject(value)) for (const member of Object.values(value)) look(member ?? null);
  };
  for (const answer of Object.values(answers)) look(answer as Json);
  return found;
}
