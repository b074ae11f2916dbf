// Arguments of a call as they are said back: always the text of a JSON object; and what is no call at all. Pure.
import { isJsonObject, type Json } from '../core/json.ts';
import { isDeeper, parseJson, parseObject } from '../core/json-text.ts';
import { isNoArguments, MAX_LEVELS } from '../core/untrusted-json.ts';

/**
 * The model's own text where it is a JSON object: no digit changes. Nothing is `{}`, as it is read. What is no object goes
 * back as `{"_raw": text}`: llama.cpp, vLLM and others parse what they are told and fail over it, and the model sees
 * what it wrote.
 */
export function saidArguments(told: Json | undefined): string {
  const given = ownArguments(told);
  if (isNoArguments(given)) return '{}';
  if (typeof given !== 'string') {
    const text = JSON.stringify(given);
    return isJsonObject(given) ? text : raw(text);
  }
  return isSound(given) ? given : raw(given);
}

/** Layers over Anthropic's models put the empty object of the beginning before what the model wrote: `{}{"city": "Bonn"}`. */
export function ownArguments<Given>(given: Given): Given | string {
  if (typeof given !== 'string' || !BEGINNING.test(given)) return given;
  const own = given.replace(BEGINNING, '{');
  return parseObject(own) === null ? given : own;
}

const BEGINNING = /^\s{0,9}\{\s{0,9}\}\s{0,9}\{/;

/** Servers whose language has no absent members send the place of a call with every answer: no name, and no arguments. */
export function isNoCall({ name, given }: { readonly name: unknown; readonly given: unknown }): boolean {
  return (name === undefined || name === null || name === '') && isNoArguments(given);
}

function raw(text: string): string {
  return JSON.stringify({ _raw: text.toWellFormed() });
}

/** Half a character is JSON to us and none to a parser that makes UTF-8 of it; nor does each of them go as deep as ours. */
function isSound(text: string): boolean {
  const value = parseJson(text);
  if (!isJsonObject(value) || isDeeper(value, MAX_LEVELS)) return false;
  return !ESCAPED.test(text) || !HALF.test(JSON.stringify(value));
}

const ESCAPED = /\\u[dD][89a-fA-F]/;
/** JSON.stringify writes whole pairs as they are, so what is escaped here has no other half; an escaped backslash is none. */
const HALF = /(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]/;
