// Parts of a message as the specification has them: text, files of ours, and the forms in which the APIs write pictures and
// documents. Pure.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import type { FileData, FilePart, ProviderOptions, TextPart } from '../core/language-model.ts';
import { isMediaPart } from '../core/media.ts';
import { merged } from './ai-sdk-params.ts';

export function partsOf(
  content: string | readonly Json[] | null | undefined,
  namespace: string,
): (TextPart | FilePart)[] {
  if (content === null || content === undefined) return [];
  if (typeof content === 'string') return [{ type: 'text', text: content }];
  return content.map((part) => {
    if (typeof part === 'string') return { type: 'text', text: part };
    return partOf(isJsonObject(part) ? part : {}, namespace);
  });
}

function partOf(part: JsonObject, namespace: string): TextPart | FilePart {
  const { type } = part;
  if (isMediaPart(part)) {
    // What is only planned has no bytes: its digest stands for them.
    const data = typeof part.data === 'string' ? part.data : part.sha256;
    const options = optionsOf(part, namespace, MEDIA);
    return { type: 'file', mediaType: part.media_type, data: { type: 'data', data }, ...options };
  }
  if (type === 'text' || type === 'input_text' || type === 'output_text')
    return { type: 'text', text: String(part.text ?? ''), ...optionsOf(part, namespace, TEXT) };
  const file = fileOf(part);
  if (file !== null) return { type: 'file', ...file, ...optionsOf(part, namespace, WIRE) };
  // What nobody here knows goes to the package, which refuses it by name.
  return part as unknown as FilePart;
}

type File = { readonly mediaType: string; readonly data: FileData; readonly filename?: string };

/** OpenAI's image_url, input_image, input_audio and file; Anthropic's image and document; the specification's own file. */
function fileOf(part: JsonObject): File | null {
  switch (part.type) {
    case 'image_url':
    case 'input_image': {
      const url = isJsonObject(part.image_url) ? part.image_url.url : part.image_url;
      return typeof url === 'string' ? addressed(url, 'image/*') : null;
    }
    case 'input_audio': {
      const { data, format } = isJsonObject(part.input_audio) ? part.input_audio : {};
      return typeof data === 'string'
        ? {
            mediaType: `audio/${format === 'mp3' ? 'mpeg' : String(format ?? 'wav')}`,
            data: { type: 'data', data },
          }
        : null;
    }
    case 'image':
    case 'document': {
      const { type, url, data, media_type: mediaType } = isJsonObject(part.source) ? part.source : {};
      const kind = typeof mediaType === 'string' ? mediaType : KINDS[part.type]!;
      if (type === 'url' && typeof url === 'string') return addressed(url, kind);
      return typeof data === 'string' ? { mediaType: kind, data: { type: 'data', data } } : null;
    }
    case 'file':
      return fileIn(part);
    default:
      return null;
  }
}

const KINDS: { readonly [type: string]: string } = { image: 'image/*', document: 'application/pdf' };

function fileIn(part: JsonObject): File | null {
  const inner = isJsonObject(part.file) ? part.file : part;
  const given = inner.file_data ?? inner.data ?? inner.url;
  const name = inner.filename;
  const named = typeof name === 'string' ? { filename: name } : {};
  const mediaType = inner.mediaType ?? inner.media_type;
  const kind = typeof mediaType === 'string' ? mediaType : 'application/pdf';
  if (typeof given === 'string') return { ...addressed(given, kind), ...named };
  return isJsonObject(given) ? { mediaType: kind, data: tagged(given), ...named } : null;
}

function tagged(data: JsonObject): FileData {
  if (data.type === 'url') return { type: 'url', url: new URL(String(data.url)) };
  return data as unknown as FileData;
}

/** A data URL brings its bytes and their kind along; what is no URL is base64. */
function addressed(text: string, mediaType: string): File {
  const inline = /^data:([^;,]{1,200})(?:;[^;,]{1,200})*;base64,/.exec(text.slice(0, 1_000));
  if (inline !== null)
    return { mediaType: inline[1]!, data: { type: 'data', data: text.slice(inline[0].length) } };
  if (/^https?:\/\//i.test(text)) return { mediaType, data: { type: 'url', url: new URL(text) } };
  return { mediaType, data: { type: 'data', data: text } };
}

const TEXT = new Set(['type', 'text']);
const MEDIA = new Set(['type', 'file', 'media_type', 'sha256', 'bytes', 'width', 'height', 'data']);
const WIRE = new Set([
  ...['type', 'image_url', 'input_audio', 'source', 'file', 'file_data', 'data', 'url', 'filename'],
  ...['mediaType', 'media_type'],
]);

/**
 * What stands beside content: `providerOptions` for the vendors that it names, `cache_control` and whatever else for the package's
 * own, so that marks of caching reach whoever knows them.
 */
export function optionsOf(
  source: JsonObject,
  namespace: string,
  known: ReadonlySet<string>,
): { providerOptions?: ProviderOptions } {
  let options: ProviderOptions = {};
  const own: { [name: string]: Json | undefined } = {};
  for (const [name, value] of Object.entries(source)) {
    if (known.has(name) || value === undefined) continue;
    if (name === 'providerOptions' || name === 'provider_options')
      options = merged(options, isJsonObject(value) ? (value as ProviderOptions) : {});
    else own[name === 'cache_control' ? 'cacheControl' : name] = value;
  }
  if (Object.keys(own).length > 0) options = merged({ [namespace]: own }, options);
  return Object.keys(options).length === 0 ? {} : { providerOptions: options };
}
