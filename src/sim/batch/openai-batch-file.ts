// The file of a batch: one request a line, and what is wrong with one.
import { isJsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import type { Api } from '../wire/api.ts';
import { CHAT } from '../wire/wire-chat.ts';
import { RESPONSES } from '../wire/wire-responses.ts';
import { type Item, plainUrl } from './items.ts';

/** null = embeddings, which no API of conversations reads. */
export const BATCH_ENDPOINTS: ReadonlyMap<string, Api | null> = new Map([
  ['/v1/chat/completions', CHAT],
  ['/v1/responses', RESPONSES],
  ['/v1/embeddings', null],
]);

export type LineMistake = {
  readonly code: string;
  readonly message: string;
  readonly param: string | null;
  /** From 1; null = the file as a whole. */
  readonly line: number | null;
};

const MAX_ITEMS = 50_000;

export function readBatchFile(
  text: string,
  endpoint: string,
): { readonly items: readonly Item[]; readonly mistakes: readonly LineMistake[] } {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const whole = (code: string, message: string) => ({
    items: [],
    mistakes: [{ code, message, param: null, line: null }],
  });
  if (lines.length === 0) return whole('empty_file', 'The input file is empty.');
  if (lines.length > MAX_ITEMS)
    return whole('too_many_tasks', `The batch input file has more than ${MAX_ITEMS} requests.`);
  const items: Item[] = [];
  const mistakes: LineMistake[] = [];
  const seen = new Set<string>();
  lines.forEach((line, at) => {
    const read = readLine(line, { endpoint, seen });
    if ('code' in read) mistakes.push({ ...read, line: at + 1 });
    else {
      seen.add(read.customId);
      items.push(read);
    }
  });
  return { items, mistakes };
}

function readLine(
  line: string,
  { endpoint, seen }: { readonly endpoint: string; readonly seen: ReadonlySet<string> },
): Item | Omit<LineMistake, 'line'> {
  const request = parseObject(line);
  if (request === null)
    return mistake('invalid_json_line', 'This line is not parseable as valid JSON.', null);
  const { custom_id: customId, method, url, body } = request;
  if (typeof customId !== 'string' || customId === '')
    return mistake('missing_required_parameter', 'custom_id is missing.', 'custom_id');
  if (seen.has(customId))
    return mistake('duplicate_custom_id', `custom_id ${customId} is used by another request.`, 'custom_id');
  if (method !== 'POST') return mistake('invalid_method', "method has to be 'POST'.", 'method');
  if (typeof url !== 'string' || plainUrl(url) !== endpoint)
    return mistake('invalid_url', `url has to be the endpoint of the batch, '${endpoint}'.`, 'url');
  if (!isJsonObject(body)) return mistake('missing_required_parameter', 'body is missing.', 'body');
  return { customId, url, body: JSON.stringify(body) };
}

function mistake(code: string, message: string, param: string | null): Omit<LineMistake, 'line'> {
  return { code, message, param };
}
