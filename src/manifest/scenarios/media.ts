// Files in messages: `{type: image, file: ./a.png}` in an input, a conversation or a template -> the same by content. Parts of a
// wire's own ({type: image_url, ...}) are passed on as they are.
import path from 'node:path';
import type { ChatMessage } from '../../core/chat.ts';
import type { Location } from '../../core/diagnostic.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isMediaKind, type MediaKind, type MediaPart } from '../../core/media.ts';
import type { Result } from '../../core/result.ts';
import {
  kindProblem,
  type MediaFacts,
  type MediaProblem,
  placeOf,
  readMediaFile,
} from '../documents/media-file.ts';
import { missingFileHint } from '../documents/near-file.ts';
import { showBytes } from '../documents/read.ts';
import type { JsonPath } from '../errors/place.ts';
import { oncePerLoad, type Reading } from '../reading.ts';

/** Where a part stands, and whom to tell of it. */
export type MediaPlace = {
  readonly file: string;
  readonly locate: (path: JsonPath) => Location;
  /** Of the messages. */
  readonly base: JsonPath;
  /** They were written as parts of one message, without it. */
  readonly isOfParts?: boolean;
};

/** Messages with each file by its content; null = something is wrong, which is among the findings. */
export type MediaReader = (
  messages: readonly ChatMessage[],
  place: MediaPlace,
) => readonly ChatMessage[] | null;

/** In one request: what the most generous vendor takes, base64 and all. */
const MAX_TOTAL_BYTES = 50_000_000;

/** Each file is read once a load, however many scenarios show it. */
export const mediaReader: (reading: Reading) => MediaReader = oncePerLoad(makeMediaReader);

function makeMediaReader({ folder, findings }: Reading): MediaReader {
  const known = new Map<string, Result<MediaFacts, MediaProblem>>();
  return (messages, place) => {
    const { isOfParts = false } = place;
    const isAny = messages.some(({ content }) => Array.isArray(content) && content.some(isOurs));
    if (!isAny && !isOfParts) return messages;
    let isSound = true;
    let bytes = 0;
    const say = (at: JsonPath, problem: MediaProblem): void => {
      isSound = false;
      findings.add(place.file, () => ({ ...problem, location: place.locate(at) }));
    };
    const resolved = messages.map((message, index): ChatMessage => {
      if (!Array.isArray(message.content)) return message;
      const content = (message.content as readonly JsonObject[]).map((part, n) => {
        const at = [...place.base, ...(isOfParts ? [n] : [index, 'content', n])];
        const odd = isOfParts && part.type === 'text' ? textProblem(part) : null;
        if (odd !== null) say(at, odd);
        if (part.type === 'text' || !(isOfParts || isOurs(part))) return part;
        const read = message.role === 'user' ? readPart(part, at) : NOT_OF_USER;
        if (read.kind === 'err') {
          say(read.error.at ?? at, read.error);
          return part;
        }
        bytes += read.value.bytes;
        return read.value as unknown as JsonObject;
      });
      return { ...message, content };
    });
    if (isSound && bytes > MAX_TOTAL_BYTES) {
      const message = `the files of these messages have ${showBytes(bytes)}; the limit is ${showBytes(MAX_TOTAL_BYTES)}`;
      say(place.base, { code: 'too-large', message, hint: 'no vendor takes more in one request' });
    }
    return isSound ? resolved : null;
  };

  function readPart(part: JsonObject, at: JsonPath): Result<MediaPart, MediaProblem & { at?: JsonPath }> {
    const type = part.type as MediaKind;
    const extra = Object.keys(part).find((name) => name !== 'type' && name !== 'file');
    if (extra !== undefined) {
      const message = `unknown key ${JSON.stringify(extra)} beside a file`;
      const hint = 'known here: type, file. A part in the form of a wire is passed on as it is';
      return problem({ code: 'unknown-key', message, hint }, [...at, extra]);
    }
    const shown = part.file;
    if (typeof shown !== 'string' || shown === '') {
      const message = `a part of type ${type} has no "file"`;
      return problem(
        { code: 'missing-key', message, hint: `for example: { type: ${type}, file: ./a.png }` },
        at,
      );
    }
    const here = [...at, 'file'];
    const named = (said: MediaProblem): Result<never, MediaProblem & { at: JsonPath }> =>
      problem({ ...said, message: `${JSON.stringify(shown)} ${said.message}` }, here);
    const inside = placeOf(shown);
    if (inside.kind === 'err') return named(inside.error);
    const facts = factsOf(inside.value, shown);
    if (facts.kind === 'err') return named(facts.error);
    const wrong = kindProblem(facts.value, type);
    return wrong === null ? { kind: 'ok', value: { ...facts.value, file: inside.value } } : named(wrong);
  }

  function factsOf(place: string, shown: string): Result<MediaFacts, MediaProblem> {
    const file = path.join(folder, place);
    let facts = known.get(file);
    if (facts === undefined) {
      findings.reads(file);
      facts = readMediaFile({ file, folder });
      if (facts.kind === 'err' && facts.error.code === 'not-found')
        facts = { kind: 'err', error: { ...facts.error, hint: missingFileHint({ file, shown }) } };
      known.set(file, facts);
    }
    return facts;
  }
}

/** A wire may have parts of these types as well: then something else than `file` holds the content. */
function isOurs(part: Json | undefined): part is JsonObject {
  if (!isJsonObject(part) || !isMediaKind(part.type)) return false;
  return part.type === 'pdf' || typeof part.file === 'string' || part.sha256 !== undefined;
}

function textProblem(part: JsonObject): MediaProblem | null {
  const hint = 'for example: { type: text, text: "What is this?" }';
  if (part.text === undefined)
    return { code: 'missing-key', message: 'a part of type text has no "text"', hint };
  if (part.file === undefined) return null;
  return {
    code: 'unknown-key',
    message: 'a part of type text names a file',
    hint: `${hint}, and the file apart from it`,
  };
}

function problem(said: MediaProblem, at: JsonPath): Result<never, MediaProblem & { at: JsonPath }> {
  return { kind: 'err', error: { ...said, at } };
}

const NOT_OF_USER: Result<never, MediaProblem & { at?: JsonPath }> = {
  kind: 'err',
  error: {
    code: 'not-of-user',
    message: "a file stands in a message that is not the user's",
    hint: 'vendors take files from the user: put it into a message with role: user',
  },
};
