// The JSON that an answer is, or that stands in its first fenced block.
import type { Json } from '../core/json.ts';
import { measureJson } from './bounds.ts';
import { CannotJudge } from './holding.ts';

/** undefined: there is none. */
export function jsonOf(text: string): Json | undefined {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const open = text.indexOf('```');
  const start = open < 0 ? -1 : text.indexOf('\n', open);
  const end = start < 0 ? -1 : text.indexOf('```', start);
  return end < 0 ? undefined : parsed(text.slice(start, end));
}

function parsed(text: string): Json | undefined {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  const problem = measureJson(value);
  if (problem !== null) throw new CannotJudge(`the JSON of the answer ${problem}`);
  return value;
}
