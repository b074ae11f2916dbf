// Files of a conversation on their way to a server: read from the experiment's folder just before they are sent, and held against
// the digest that the key was made of. Their bytes go nowhere else: no order, record, trace or event has them.
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import path from 'node:path';
import type { ChatMessage } from '../core/chat.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { hasMedia, isMediaPart, type LoadedMedia, type MediaPart, mediaIn } from '../core/media.ts';
import type { ModelRequest } from '../core/order.ts';
import type { Failure } from '../core/outcome.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { FindClient } from '../providers/index.ts';
import type { ModelClient } from '../providers/provider.ts';

/** Clients that load what a request names, whoever asks them. @param folder the manifest's, absolute */
export function withFiles(findClient: FindClient, folder: string): FindClient {
  const load = makeMediaLoader(folder);
  return async (endpoint) => {
    const found = await findClient(endpoint);
    return found.kind === 'err' ? found : ok(loading(found.value, load));
  };
}

function loading(client: ModelClient, load: LoadMedia): ModelClient {
  const complete: ModelClient['complete'] = async (request, options) => {
    // Most conversations are text: they are handed on without a turn of the event loop.
    if (!hasMedia(request.messages)) return client.complete(request, options);
    const loaded = await load(request);
    if (loaded.kind === 'ok') return client.complete(loaded.value, options);
    return { kind: 'failure', failure: loaded.error, requestId: null, limits: null };
  };
  return Object.assign(Object.create(client) as ModelClient, { complete });
}

/** A request with the bytes of its files; the same request where it has none. */
export type LoadMedia = (request: ModelRequest) => Promise<Result<ModelRequest, Failure>>;

/** Of all files that are kept for the next call, as base64: a hundred photographs of an ordinary telephone are more. */
const MOST_CHARACTERS = 64_000_000;

/** @param folder the manifest's, absolute */
export function makeMediaLoader(folder: string): LoadMedia {
  /** By digest: the last one used stands last. */
  const kept = new Map<string, string>();
  let size = 0;

  async function dataOf(part: MediaPart): Promise<Result<string, Failure>> {
    const known = kept.get(part.sha256);
    if (known !== undefined) {
      kept.delete(part.sha256);
      kept.set(part.sha256, known);
      return ok(known);
    }
    const read = await readPart(part, folder);
    if (read.kind === 'ok') keep(part.sha256, read.value);
    return read;
  }

  function keep(digest: string, data: string): void {
    if (data.length > MOST_CHARACTERS / 2 || kept.has(digest)) return;
    kept.set(digest, data);
    size += data.length;
    for (const [oldest, text] of kept) {
      if (size <= MOST_CHARACTERS) break;
      kept.delete(oldest);
      size -= text.length;
    }
  }

  return async (request) => {
    if (!hasMedia(request.messages)) return ok(request);
    const loaded = new Map<string, string>();
    for (const part of mediaIn(request.messages)) {
      if (loaded.has(part.sha256)) continue;
      const data = await dataOf(part);
      if (data.kind === 'err') return data;
      loaded.set(part.sha256, data.value);
    }
    return ok({ ...request, messages: request.messages.map((message) => withData(message, loaded)) });
  };
}

function withData(message: ChatMessage, loaded: ReadonlyMap<string, string>): ChatMessage {
  if (!Array.isArray(message.content)) return message;
  const content = (message.content as readonly Json[]).map((part) => {
    if (!isMediaPart(part)) return part;
    const { type, file, media_type, sha256, bytes } = part;
    const whole: LoadedMedia = { type, file, media_type, sha256, bytes, data: loaded.get(sha256)! };
    return whole as unknown as JsonObject;
  });
  return { ...message, content: content as readonly JsonObject[] };
}

/** As base64. Opened without waiting: what was a file may be a pipe by now. */
async function readPart(part: MediaPart, folder: string): Promise<Result<string, Failure>> {
  let handle: FileHandle | null = null;
  try {
    const file = path.join(folder, part.file);
    const [real, home] = [await realpath(file), await realpath(folder)];
    if (!real.startsWith(home.endsWith(path.sep) ? home : home + path.sep)) return moved(part);
    handle = await open(real, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const state = await handle.stat();
    if (!state.isFile() || state.size !== part.bytes) return moved(part);
    const bytes = await handle.readFile();
    const digest = createHash('sha256').update(bytes).digest('hex');
    return digest === part.sha256 ? ok(bytes.toString('base64')) : moved(part);
  } catch {
    return moved(part);
  } finally {
    await handle?.close();
  }
}

/** Nothing was sent: the key is of what the file was. */
function moved({ file }: MediaPart): Result<never, Failure> {
  const message = `${file} is no longer what its key was made of: it was changed, moved or removed since the plan. Nothing was sent; run again`;
  return err({ kind: 'inputs-changed', status: null, message, retryAfterMs: null, isUnsent: true });
}
