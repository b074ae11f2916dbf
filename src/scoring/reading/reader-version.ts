// Which checks read an answer with readers that have learned since: what they said before is said anew, which costs nothing.
import type { JsonObject } from '../../core/json.ts';
import { unreachable } from '../../core/result.ts';
import type { Check, ValueCheck } from '../../core/scoring.ts';

/** 2: numbers, JSON, moments and questions in the forms that answers write them in. */
const READER_VERSION = 2;

/** A member of the check's content; of checks that read as they always did none, so that their keys stay. */
export function readerVersion(check: Check): JsonObject {
  return isReadAnew(check) ? { reader: READER_VERSION } : {};
}

function isReadAnew(check: Check): boolean {
  switch (check.kind) {
    case 'numeric':
    case 'json':
    case 'clarify':
    case 'autoevals':
      return true;
    case 'tool_calls':
      return check.calls.some((call) =>
        Object.values(call.arguments).some((one) => hasMoment(one) || hasLongDigits(one)),
      );
    case 'all':
    case 'any':
      return check.of.some(isReadAnew);
    case 'not':
      return isReadAnew(check.of);
    case 'exact':
    case 'contains':
    case 'regex':
    case 'finish_reason':
    case 'refused':
      return false;
    default:
      return unreachable(check);
  }
}

function hasMoment({ at, before, after, time }: ValueCheck): boolean {
  return (at ?? before ?? after ?? time) !== undefined;
}

/** An id as text, which was held against the number that it is. */
function hasLongDigits({ equals, one_of, same_items }: ValueCheck): boolean {
  return /"-?\d{16,}"/.test(JSON.stringify([equals ?? null, one_of ?? null, same_items ?? null]));
}
