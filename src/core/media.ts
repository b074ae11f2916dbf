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
};

/** On its way to a server: with its bytes as base64. Never in an order, a record, a key or a trace. */
export type LoadedMedia = MediaPart & { readonly data: string };

/** Whether a part of a message is a file of ours: other parts are a wire's own and are passed on as they are. */
export function isMediaPart(part: Json | undefined): part is JsonObject & MediaPart {
  if (typeof part !== 'object' || part === null || Array.isArray(part)) return false;
  const { type, sha256, media_type: mediaType } = part as JsonObject;
  return (
    (type === 'image' || type === 'pdf' || type === 'audio') &&
    typeof sha256 === 'string' &&
    typeof mediaType === 'string'
  );
}
