// What a message holds beside text: a file of the experiment's folder, known by its content. What travels and what is kept
// has no bytes: whoever sends it reads the file, and holds it against the digest.
import type { Json, JsonObject } from './json.ts';

export type MediaKind = 'image' | 'pdf' | 'audio';

/** As it stands in `content` of a chat message once the manifest is read. */
export type MediaPart = {
  readonly type: MediaKind;
  /** From the manifest's folder, with `/`. A label: it counts in no key, and no server is told it. */
  readonly file: string;
  /** IANA, by the content of the file and not by its name: image/png, application/pdf, audio/wav. */
  readonly media_type: string;
  /** SHA-256 of its bytes, hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** Of a picture, in pixels, where its head says it. Of the content: it needs no place in a key. */
  readonly width?: number;
  readonly height?: number;
};

/** On its way to a server: with its bytes as base64. Never in an order, a record, a key or a trace. */
export type LoadedMedia = MediaPart & { readonly data: string };

/** Whether a part of a message is a file of ours: other parts are a wire's own and are passed on as they are. */
export function isMediaPart(part: Json | undefined): part is JsonObject & MediaPart {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false;
  const { type, file, sha256, media_type: mediaType, bytes } = part as JsonObject;
  return (
    isMediaKind(type) &&
    typeof file === 'string' &&
    typeof sha256 === 'string' &&
    // Only 64 hex digits ever become part of a path.
    /^[0-9a-f]{64}$/.test(sha256) &&
    typeof mediaType === 'string' &&
    typeof bytes === 'number'
  );
}

export function isLoadedMedia(part: Json | undefined): part is JsonObject & LoadedMedia {
  return isMediaPart(part) && typeof part.data === 'string';
}

export function isMediaKind(type: unknown): type is MediaKind {
  return type === 'image' || type === 'pdf' || type === 'audio';
}

type Said = { readonly content?: unknown };

/** The files of a conversation, in order; each as often as it stands there. */
export function mediaIn(messages: readonly Said[]): readonly MediaPart[] {
  return messages.flatMap(({ content }) =>
    Array.isArray(content) ? (content as readonly Json[]).filter(isMediaPart) : [],
  );
}

/** The same without looking at each part twice: most conversations are text. */
export function hasMedia(messages: readonly Said[]): boolean {
  return messages.some(
    ({ content }) => Array.isArray(content) && (content as readonly Json[]).some(isMediaPart),
  );
}

export type MediaRef = { readonly sha256: string; readonly bytes: number };

/** What a record names of its files, each once. Of those that somebody tells of, and that were not asked with, nothing was kept. */
export function mediaRefs(
  told: readonly Said[],
  asked: readonly Said[],
): { readonly media?: [MediaRef, ...MediaRef[]] } {
  if (!hasMedia(asked)) return {};
  const kept = new Set(mediaIn(asked).map(({ sha256 }) => sha256));
  const refs = mediaIn(told).filter(({ sha256 }) => kept.has(sha256));
  const [first, ...rest] = new Map(refs.map(({ sha256, bytes }) => [sha256, { sha256, bytes }])).values();
  return first === undefined ? {} : { media: [first, ...rest] };
}

/** What counts of a scenario's input: of each file its kind and its content, never its name. The same value where there is none. */
export function keyedInput(input: string | readonly Said[]): Json {
  return (typeof input === 'string' ? input : keyedMessages(input)) as Json;
}

/** The same of messages. */
export function keyedMessages<Message extends Said>(messages: readonly Message[]): readonly Message[] {
  if (!hasMedia(messages)) return messages;
  return messages.map((message) =>
    Array.isArray(message.content)
      ? { ...message, content: (message.content as readonly Json[]).map(keyedContent) }
      : message,
  );
}

function keyedContent(part: Json): Json {
  return isMediaPart(part) ? keyedPart(part) : part;
}

/** Members in canonical order: their order says nothing. */
export function keyedPart({ type, media_type, sha256 }: MediaPart): JsonObject {
  return { media_type, sha256, type };
}

/** One line for a file: `image a.png 640x480 12 kB`. The name is anybody's text: escape it where it is printed. */
export function mediaWords({ type, file, bytes, width, height }: MediaPart): string {
  const size = width === undefined || height === undefined ? [] : [`${width}x${height}`];
  return [type, ...(file === '' ? [] : [file]), ...size, bytesWords(bytes)].join(' ');
}

/** For who must not see its name: it may tell an arm. */
export function withoutName(part: MediaPart): MediaPart {
  return { ...part, file: '' };
}

export function bytesWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_500 ? `${Math.round(bytes / 1000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
