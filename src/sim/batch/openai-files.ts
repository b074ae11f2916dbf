// /v1/files: what is uploaded for batches, and what these leave. https://platform.openai.com/docs/api-reference/files
import type { Clock } from '../../core/clock.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { badRequest, missing, type WireError } from '../wire/wire-error.ts';
import { type DeskAnswer, type DeskRoom, jsonAnswer, pageOf } from './desk-answer.ts';
import { readForm } from './multipart.ts';

export type StoredFile = {
  readonly id: string;
  readonly filename: string;
  readonly purpose: string;
  readonly text: string;
  /** Unix time in seconds. */
  readonly createdAt: number;
};

export type Files = {
  readonly handle: DeskRoom;
  readonly find: (id: string) => StoredFile | null;
  readonly add: (file: Omit<StoredFile, 'createdAt'>) => StoredFile;
};

export function makeFiles(clock: Clock): Files {
  const files = new Map<string, StoredFile>();
  let uploaded = 0;
  const add: Files['add'] = (file) => {
    const stored = { ...file, createdAt: Math.floor(clock.now().getTime() / 1000) };
    files.set(file.id, stored);
    return stored;
  };
  const upload = (contentType: string, body: Buffer): Result<DeskAnswer, WireError> => {
    const parts = readForm(contentType, body);
    if (parts === null) return err(badRequest('The body has to be multipart/form-data.'));
    const file = parts.find(({ name }) => name === 'file');
    if (file === undefined) return err(badRequest("'file' is a required property", { param: 'file' }));
    const purpose = parts.find(({ name }) => name === 'purpose')?.content.toString() ?? '';
    if (purpose === '') return err(badRequest("'purpose' is a required property", { param: 'purpose' }));
    const id = `file-sim-${++uploaded}`;
    const text = file.content.toString();
    return jsonAnswer(fileObject(add({ id, filename: file.filename ?? 'upload', purpose, text })));
  };
  const handle: DeskRoom = ({ method, path, query, headers, body }) => {
    const [id = '', what] = path.split('/').slice(3);
    if (id === '') {
      if (method === 'POST') return upload(headers['content-type'] ?? '', body);
      return method === 'GET' ? listed([...files.values()], query) : null;
    }
    const file = files.get(id);
    if (file === undefined) return err(missing('File object', id));
    if (method === 'GET' && what === 'content')
      return ok({ text: file.text, contentType: 'application/octet-stream' });
    if (method === 'GET' && what === undefined) return jsonAnswer(fileObject(file));
    if (method !== 'DELETE' || what !== undefined) return null;
    files.delete(id);
    return jsonAnswer({ id, object: 'file', deleted: true });
  };
  return { handle, add, find: (id) => files.get(id) ?? null };
}

function listed(files: readonly StoredFile[], query: URLSearchParams): Result<DeskAnswer, WireError> {
  const purpose = query.get('purpose');
  const wanted = files.filter((file) => purpose === null || file.purpose === purpose);
  const page = pageOf(wanted, query, { after: 'after', before: null });
  if (page.kind === 'err') return page;
  const { listed, hasMore } = page.value;
  return jsonAnswer({
    object: 'list',
    data: listed.map(fileObject),
    first_id: listed[0]?.id ?? null,
    last_id: listed.at(-1)?.id ?? null,
    has_more: hasMore,
  });
}

function fileObject({ id, filename, purpose, text, createdAt }: StoredFile): object {
  return {
    id,
    object: 'file',
    bytes: Buffer.byteLength(text),
    created_at: createdAt,
    expires_at: null,
    filename,
    purpose,
    status: 'processed',
    status_details: null,
  };
}
