// Which part changed, from what to what: a field-by-field difference of the stored preimages.
import type { Digest } from '../core/brand.ts';
import { canonicalJson } from '../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { formDifferences } from '../core/part.ts';
import { type Change, type PartDigests, type PartName, UNITS } from '../core/task.ts';

/** `variant.system`, `variant.tools[0].description`, `scenario.input`, `engine.base_url`, ... in this order. */
export function explainChange(input: {
  readonly from: PartDigests;
  readonly to: PartDigests;
  readonly content: (digest: Digest) => JsonObject | undefined;
  /** The later content in the words of the earlier, where these are of another version. */
  readonly contentOf?: (part: PartName, content: JsonObject) => JsonObject;
  /** What is written under a digest of code. */
  readonly sourceOf?: (digest: string) => string | undefined;
}): readonly Change[] {
  const changes: Change[] = [];
  for (const part of ['variant', 'scenario', 'engine'] satisfies PartName[]) {
    if (input.from[part] === input.to[part]) continue;
    const from = input.content(input.from[part]);
    const now = input.content(input.to[part]);
    const to = now && (input.contentOf?.(part, now) ?? now);
    // A preimage that is lost still tells which part moved.
    if (from && to) compareParts({ part, from, to }, changes);
    else changes.push({ part, from: input.from[part], to: input.to[part] });
  }
  // Same run, same parts: only what keys hold can have moved.
  if (changes.length === 0) changes.push(KEY_VERSION_CHANGE);
  const { sourceOf } = input;
  return sourceOf === undefined ? changes : changes.map((change) => withSource(change, sourceOf));
}

/** What two have in common says nothing of what changed: cells that one edit touched have one name of it. */
export function editOf(from: PartDigests, to: PartDigests): string {
  const of = (part: PartName): string => (from[part] === to[part] ? '' : `${from[part]} ${to[part]}`);
  return `${of('variant')},${of('scenario')},${of('engine')}`;
}

/** Of tests each definition counts by a digest, which tells nobody anything. */
function withSource(change: Change, sourceOf: (digest: string) => string | undefined): Change {
  if (!change.part.startsWith(UNITS)) return change;
  const text = (digest: Json | undefined): Json | undefined =>
    typeof digest === 'string' ? (sourceOf(digest) ?? digest) : digest;
  const [from, to] = [text(change.from), text(change.to)];
  // Written alike, it is read otherwise: a new Python, or a docstring that is read now.
  return from === to ? change : { ...change, from, to };
}

export const KEY_VERSION_CHANGE: Change = { part: 'key_version', from: undefined, to: undefined };

/** Differences beyond this are one: nobody reads the hundredth line. */
const MAX_CHANGES = 100;

/** `exact` says that there is a difference which canonical JSON forgets: it is told where it is. */
function compareParts(
  { part, from, to }: { readonly part: PartName; readonly from: JsonObject; readonly to: JsonObject },
  changes: Change[],
): void {
  const { exact: before, ...was } = from;
  const { exact: after, ...is } = to;
  const known = changes.length;
  compare({ path: part, from: was, to: is }, changes);
  if (before === after) return;
  const forms = formDifferences(part, was, is).map(({ path, ...rest }) => ({ part: path, ...rest }));
  changes.push(...forms.slice(0, MAX_CHANGES));
  if (changes.length === known) changes.push({ part: `${part}.exact`, from: before, to: after });
}

function compare(
  input: { path: string; from: Json | undefined; to: Json | undefined },
  changes: Change[],
): void {
  const { path, from, to } = input;
  if (changes.length >= MAX_CHANGES || sameJson(from, to)) return;
  if (isJsonObject(from) && isJsonObject(to)) {
    for (const name of [...new Set([...Object.keys(from), ...Object.keys(to)])].sort()) {
      compare({ path: `${path}.${name}`, from: from[name], to: to[name] }, changes);
    }
    return;
  }
  if (Array.isArray(from) && Array.isArray(to) && from.length === to.length) {
    for (let i = 0; i < from.length; i++) {
      compare({ path: `${path}[${i}]`, from: from[i], to: to[i] }, changes);
    }
    return;
  }
  changes.push({ part: path, from, to });
}

function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (a === undefined || b === undefined) return false;
  return canonicalJson(a) === canonicalJson(b);
}
