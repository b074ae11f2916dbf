// What a batch was asked: its input file, by the ids of its requests.
import path from 'node:path';
import { textOf } from '../../answers/values.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { isBatchRequest } from '../../exchange/read-row.ts';
import { parseStrictly } from '../../exchange/strict.ts';
import { CommandError } from '../open/command-error.ts';
import { checkKind, linesOf } from './import-text.ts';

/** @throws CommandError where a line is none */
export async function batchRequests(cwd: string, name: string): Promise<ReadonlyMap<string, JsonObject>> {
  const file = path.resolve(cwd, name);
  if (checkKind(file, name).isZip) throw new CommandError(`${name} is a zip archive: unpack it`);
  const requests = new Map<string, JsonObject>();
  let number = 0;
  for await (const line of linesOf(file)) {
    number++;
    if (line.kind === 'ok' && line.value.trim() === '') continue;
    const parsed = line.kind === 'ok' ? parseStrictly(line.value) : line;
    if (parsed.kind === 'err') throw new CommandError(`${name}:${number}: ${parsed.error}`);
    const row = parsed.value;
    if (!isBatchRequest(row) || !isJsonObject(row))
      throw new CommandError(`${name}:${number} is no request of a batch: {custom_id, method, url, body}`);
    requests.set(textOf(row.custom_id) ?? '', isJsonObject(row.body) ? row.body : {});
  }
  return requests;
}
