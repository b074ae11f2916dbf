// Files of ours in the forms that OpenAI's two APIs take. What a file is called is not told: it counts in no key. Pure.
// https://platform.openai.com/docs/guides/images-vision, .../guides/pdf-files, .../guides/audio
import type { ChatMessage } from '../core/chat.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { hasMedia, isLoadedMedia, isMediaPart, type LoadedMedia } from '../core/media.ts';
import { unreachable } from '../core/result.ts';

type Form = (part: LoadedMedia) => JsonObject;

/** The same messages where they hold no file of ours. */
export function withFiles(messages: readonly ChatMessage[], form: Form): readonly ChatMessage[] {
  if (!hasMedia(messages)) return messages;
  return messages.map((message) =>
    Array.isArray(message.content)
      ? { ...message, content: (message.content as readonly JsonObject[]).map((part) => formOf(part, form)) }
      : message,
  );
}

export function chatFile(part: LoadedMedia): JsonObject {
  switch (part.type) {
    case 'image':
      return { type: 'image_url', image_url: { url: dataUrl(part) } };
    case 'pdf':
      return { type: 'file', file: { filename: FILE_NAME, file_data: dataUrl(part) } };
    case 'audio':
      return soundForm(part);
    default:
      return unreachable(part.type);
  }
}

/** This API takes no sound: the manifest room refuses it before anything is sent. */
export function responsesFile(part: LoadedMedia): JsonObject {
  switch (part.type) {
    case 'image':
      return { type: 'input_image', image_url: dataUrl(part), detail: 'auto' };
    case 'pdf':
      return { type: 'input_file', filename: FILE_NAME, file_data: dataUrl(part) };
    case 'audio':
      return soundForm(part);
    default:
      return unreachable(part.type);
  }
}

/** The API wants one for what comes inline. */
const FILE_NAME = 'file.pdf';

function soundForm({ media_type: mediaType, data }: LoadedMedia): JsonObject {
  return { type: 'input_audio', input_audio: { data, format: mediaType === 'audio/wav' ? 'wav' : 'mp3' } };
}

function dataUrl({ media_type: mediaType, data }: LoadedMedia): string {
  return `data:${mediaType};base64,${data}`;
}

function formOf(part: Json, form: Form): JsonObject {
  if (isLoadedMedia(part)) return form(part);
  // Whoever sends loads first (worker/media.ts).
  if (isMediaPart(part)) throw new Error(`a file was to be sent without its bytes: ${part.media_type}`);
  return part as JsonObject;
}
