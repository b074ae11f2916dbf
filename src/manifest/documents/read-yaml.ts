// A YAML file that somebody named: at once where it is plain and right, which nearly all are, and through the library for all else.
import { bareLocation, type ParsedDocument } from '../errors/place.ts';
import { parseYaml, type YamlResult } from './parse.ts';
import { type PlainYaml, readPlainYaml } from './plain-yaml.ts';

export function readYaml(source: { readonly file: string; readonly text: string }): YamlResult {
  const plain = readPlainYaml(source.text);
  return plain === null ? parseYaml(source) : { document: placedLater(source, plain), problems: [] };
}

/** Places are asked for where there is something to say: the library reads the file then. */
function placedLater(
  source: { readonly file: string; readonly text: string },
  { value, lineOf }: PlainYaml,
): ParsedDocument {
  let parsed: ParsedDocument | null | undefined;
  const placed = (): ParsedDocument | null => {
    if (parsed === undefined) parsed = parseYaml(source).document;
    return parsed;
  };
  return {
    file: source.file,
    value,
    locate: (target) => placed()?.locate(target) ?? bareLocation(source.file),
    lineOf: (path) => {
      const node = path.reduce<unknown>(
        (holder, step) => (holder as { readonly [step: string | number]: unknown } | null)?.[step],
        value,
      );
      // Of an entry of a list both know the line; of a member the library says that of its name.
      const line = typeof node === 'object' && node !== null ? lineOf(node) : undefined;
      return typeof path.at(-1) === 'number' && line !== undefined ? line : (placed()?.lineOf(path) ?? 1);
    },
  };
}
