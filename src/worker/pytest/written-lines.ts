// Lines of the files that a harness writes, as they grow: what is new since the last look, with what a line of metadata above
// them and the file's name say of all of them.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { metadataIn, metadataOfName } from '../../answers/metadata.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isDeeper, MAX_LEVELS, parseTold } from '../../core/untrusted-json.ts';

export type WrittenLine = {
  readonly file: string;
  readonly line: JsonObject;
  /** By our names; what the line itself says comes first. */
  readonly about: JsonObject;
};

export type WrittenFile = {
  /** Lines that are whole and were not there at the last look. */
  readNew(): readonly WrittenLine[];
  /** Of JSON that is rewritten as a whole: its list, once nobody writes any more. */
  readWhole(): readonly WrittenLine[];
  /** The beginning of what was there before. */
  readonly before: readonly JsonObject[];
};

const MAX_NEW_BYTES = 64 * 1024 * 1024;
/** Enough for a line of metadata, and to see how runs are counted. */
const HEAD_BYTES = 256 * 1024;

export function openWritten(input: {
  readonly file: string;
  /** What is there already is of another time. */
  readonly from: number;
  readonly fields: { readonly [ours: string]: string };
  readonly variants: ReadonlySet<string>;
}): WrittenFile {
  const { file, fields } = input;
  const isJson = /\.json$/i.test(file);
  const named = metadataOfName(file, input.variants);
  let offset = input.from;
  let said: JsonObject = {};
  const before =
    input.from === 0 || isJson ? [] : linesOf(bytesOf(file, 0, Math.min(input.from, HEAD_BYTES)).bytes);
  for (const line of before) said = metadataIn(line, fields) ?? said;
  const take = (line: JsonObject): readonly WrittenLine[] => {
    const metadata = metadataIn(line, fields);
    if (metadata !== null) said = metadata;
    return metadata === null ? [{ file, line, about: { ...named, ...said } }] : [];
  };
  return {
    before,
    readNew() {
      if (isJson) return [];
      const { bytes, size } = bytesOf(file, offset, MAX_NEW_BYTES);
      // A file that became shorter was written anew.
      if (size < offset) {
        offset = 0;
        return this.readNew();
      }
      const end = bytes.lastIndexOf(10) + 1;
      offset += end;
      return linesOf(bytes.subarray(0, end)).flatMap(take);
    },
    readWhole() {
      // A last line without its end is whole when nobody writes any more.
      const { bytes } = bytesOf(file, isJson ? 0 : offset, MAX_NEW_BYTES);
      if (!isJson) {
        offset += bytes.length;
        return linesOf(bytes).flatMap(take);
      }
      const value = parseTold(bytes.toString('utf8'));
      return listIn(value).filter(isFlat).flatMap(take);
    },
  };
}

/** A list of objects, or an object with one such list. */
function listIn(value: unknown): readonly JsonObject[] {
  const isList = (one: unknown): one is JsonObject[] =>
    Array.isArray(one) && one.length > 0 && one.every((item: Json) => isJsonObject(item));
  if (isList(value)) return value;
  const lists = isJsonObject(value as Json) ? Object.values(value as JsonObject).filter(isList) : [];
  return lists.length === 1 ? lists[0]! : [];
}

function bytesOf(
  file: string,
  from: number,
  most: number,
): { readonly bytes: Buffer; readonly size: number } {
  let handle: number;
  try {
    handle = openSync(file, 'r');
  } catch {
    // Gone between the listing and the look.
    return { bytes: Buffer.alloc(0), size: from };
  }
  try {
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.max(0, Math.min(size - from, most)));
    return { bytes: bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, from)), size };
  } finally {
    closeSync(handle);
  }
}

function linesOf(bytes: Buffer): readonly JsonObject[] {
  return bytes
    .toString('utf8')
    .split('\n')
    .flatMap((text) => {
      const value = text.trim() === '' ? null : parseTold(text);
      return isJsonObject(value as Json) && isFlat(value as JsonObject) ? [value as JsonObject] : [];
    });
}

/** Deeper ones could be neither compared nor written. */
function isFlat(value: JsonObject): boolean {
  return !isDeeper(value, MAX_LEVELS);
}
