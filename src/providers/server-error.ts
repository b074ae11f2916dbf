// What an error answer says, whatever its form was.
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';

/** An error as servers of this family send it, whatever the form was. */
export type ServerError = {
  readonly status: number | null;
  /** The first that is no status; numbers as text. */
  readonly code: string | null;
  readonly type: string | null;
  readonly message: string;
  /** Every code and type in it. */
  readonly names: readonly string[];
  /** Its JSON, bounded; "" where it was none. */
  readonly whole: string;
};

/** An error that says something. Some gateways put an empty one beside every good answer. */
export function isError(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === '' || value === false || value === 0) return false;
  if (Array.isArray(value)) return value.some(isError);
  if (!isJsonObject(value)) return true;
  return !isSuccess(value) && Object.values(value).some(isError);
}

/** `{code: 0, message: "success"}`: layers that put a state beside every answer. */
function isSuccess({ code, message, ...rest }: JsonObject): boolean {
  const isNone = code === 0 || code === '0' || code === 200 || code === '200';
  const isWell =
    !isError(message) || (typeof message === 'string' && /^(success|succeeded|ok)$/i.test(message));
  return isNone && isWell && !Object.values(rest).some(isError);
}
