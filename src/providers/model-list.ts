// The names in an endpoint's list of models, whatever form it has. Pure.

import { isJsonObject, type Json } from '../core/json.ts';
import { parseJson } from '../core/json-text.ts';

/** Enough for any account; a list beyond that is no help to anybody. */
const MOST = 10_000;

/** null = it is no list, so that nothing is known. */
export function readModelList(text: string): readonly string[] | null {
  const body = parseJson(text);
  const list = Array.isArray(body) ? body : isJsonObject(body) ? (body.data ?? body.models) : null;
  if (!Array.isArray(list)) return null;
  return (list as readonly Json[]).slice(0, MOST).flatMap((one) => {
    if (typeof one === 'string') return [one];
    const name = isJsonObject(one) ? (one.id ?? one.name) : null;
    return typeof name === 'string' ? [name] : [];
  });
}
