// A part of a key: content and its digest. The digest is of canonical JSON, which forgets two things that reach a model:
// the order of members, and whether an accent is a character or a mark of its own (NFC, NFD). Where the content holds
// either, `exact` keeps what canonical JSON forgot; contents without such a thing have the digest that they always had.
import type { Digest } from './brand.ts';
import { canonicalJson, digestOf, sha256 } from './canonical.ts';
import { isJsonObject, type Json, type JsonObject } from './json.ts';
import type { Part, PartName } from './task.ts';

/** The only place where a part's digest is made. @throws Error where the content has no canonical form */
export function makePart(part: PartName, plain: JsonObject): Part {
  const same = sameText(plain);
  if (same !== null) return { part, digest: sha256(same) as Digest, content: plain };
  const canonical = canonicalJson(plain);
  const sent = JSON.stringify(arranged(plain));
  if (sent === canonical) return { part, digest: sha256(canonical) as Digest, content: plain };
  const content = { ...plain, exact: sha256(sent) };
  return { part, digest: digestOf(content), content };
}

/**
 * The text of texts in canonical order, which is most contents of scenarios: both forms of it are what JSON.stringify
 * says. null: it holds something else, and is looked at.
 */
function sameText(plain: JsonObject): string | null {
  let last = '';
  for (const name of Object.keys(plain)) {
    const value = plain[name];
    if (name <= last || !isSound(name) || typeof value !== 'string' || !isSound(value)) return null;
    last = name;
  }
  return JSON.stringify(plain);
}

function isSound(text: string): boolean {
  return text.isWellFormed() && isNormal(text);
}

/** What a user wrote as JSON and is sent as written. The order of all other members is ours and says nothing. */
const AS_WRITTEN = new Set([
  ...['params', 'parameters', 'result', 'input', 'vars', 'tool_results', 'options', 'expect', 'expected'],
  ...['response_format', 'frame'],
]);

function isAsWritten(name: string): boolean {
  return AS_WRITTEN.has(name) || name.startsWith('vars.');
}

/** The content with our own members in canonical order, and what a user wrote as it is. */
function arranged(value: Json): Json {
  if (Array.isArray(value)) return value.map((item: Json) => arranged(item));
  if (!isJsonObject(value)) return value;
  const names = Object.keys(value).sort();
  return Object.fromEntries(
    names.map((name) => [name, isAsWritten(name) ? value[name] : arranged(value[name] ?? null)]),
  );
}

/**
 * Whether canonical JSON forgets nothing of it, as makePart looks at it. Cheaper than makePart: for contents whose
 * digest is known.
 */
export function isPlain(content: JsonObject): boolean {
  return isPlainValue(content, 'ours');
}

function isPlainValue(value: Json | undefined, by: 'ours' | 'user'): boolean {
  if (typeof value === 'string') return isNormal(value);
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item: Json) => isPlainValue(item, by));
  const object = value as JsonObject;
  if (by === 'ours' && !staysArranged(Object.keys(object))) return false;
  let last: string | null = null;
  for (const name of Object.keys(object)) {
    if (object[name] === undefined) continue;
    if (by === 'user' && last !== null && last > name) return false;
    last = name;
    if (!isNormal(name)) return false;
    if (!isPlainValue(object[name], by === 'ours' && !isAsWritten(name) ? 'ours' : 'user')) return false;
  }
  return true;
}

/** An object lists members whose names are numbers before all others, whatever order they were put in. */
function staysArranged(names: readonly string[]): boolean {
  if (!names.some((name) => /^\d/.test(name))) return true;
  const sorted = [...names].sort();
  const listed = Object.keys(Object.fromEntries(sorted.map((name) => [name, null])));
  return listed.every((name, i) => name === sorted[i]);
}

function isNormal(text: string): boolean {
  return /^[ -~]*$/.test(text) || text === text.normalize('NFC');
}

/** What canonical JSON forgets, where two values differ in it. */
export type FormDifference = { readonly path: string; readonly from: Json; readonly to: Json };

/** No member has such a name: it stands at the end of a path. */
export const ORDER_OF_MEMBERS = '(order of members)';
export const FORM_OF_ACCENTS = '(form of accents)';

/**
 * Where two contents that say the same say it in another order, or with accents in another form.
 * @param path of both; members behind a dot, items in brackets
 */
export function formDifferences(path: string, from: JsonObject, to: JsonObject): readonly FormDifference[] {
  const found: FormDifference[] = [];
  compareForms({ path, from, to, by: 'ours' }, found);
  return found;
}

function compareForms(
  input: {
    readonly path: string;
    readonly from: Json | undefined;
    readonly to: Json | undefined;
    readonly by: 'ours' | 'user';
  },
  found: FormDifference[],
): void {
  const { path, from, to, by } = input;
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  if (typeof from === 'string' && typeof to === 'string') {
    if (from !== to && from.normalize('NFC') === to.normalize('NFC'))
      found.push({ path: inside(FORM_OF_ACCENTS), from, to });
  } else if (Array.isArray(from) && Array.isArray(to)) {
    from.forEach((item: Json, i) => {
      compareForms({ path: `${path}[${i}]`, from: item, to: to[i] as Json | undefined, by }, found);
    });
  } else if (isJsonObject(from) && isJsonObject(to)) {
    const shared = (context: JsonObject, other: JsonObject): readonly string[] =>
      Object.keys(context).filter((name) => context[name] !== undefined && Object.hasOwn(other, name));
    const [before, after] = [shared(from, to), shared(to, from)];
    if (by === 'user' && before.some((name, i) => name !== after[i]))
      found.push({ path: inside(ORDER_OF_MEMBERS), from: before, to: after });
    for (const name of before) {
      const own = by === 'ours' && !isAsWritten(name) ? 'ours' : 'user';
      compareForms({ path: inside(name), from: from[name], to: to[name], by: own }, found);
    }
  }
}
