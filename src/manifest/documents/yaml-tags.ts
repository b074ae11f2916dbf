// Values of YAML that JSON has not: bytes, dates, sets, ordered maps. The library makes objects of them, and those have no
// canonical form; so they are told where they stand. Pure.

type Foreign = { readonly code: string; readonly message: string; readonly hint: string };

const PLAIN_TAG = /^(?:!|tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq))$/;

/** @param node of the library's @returns null: what it holds is plain data, or is looked at by itself */
export function foreignValue(node: unknown): Foreign | null {
  const { tag, value } = (node ?? {}) as { readonly tag?: unknown; readonly value?: unknown };
  const named = typeof tag === 'string' && !PLAIN_TAG.test(tag) ? tag : null;
  // Under `%YAML 1.1` a bare date is one, without any tag.
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'symbol';
  if (named === null && !isObject) return null;
  const what = named?.replace('tag:yaml.org,2002:', '!!').slice(0, 60) ?? 'this kind of value';
  return {
    code: 'bad-tag',
    message: `${what} cannot be used here: values are those of JSON`,
    hint: 'text, numbers, true, false, null, lists and maps; write anything else as text in quotes',
  };
}
