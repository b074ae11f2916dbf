// Two ways to read YAML behind one shape: at once and without places for files that are plain and right, or through the
// library where anything has to be said.
import { bareLocation, type ParsedDocument, type Spot } from '../errors/place.ts';
import { readPlainYaml } from './plain-yaml.ts';

export type YamlProblem = {
  readonly code: string;
  readonly message: string;
  readonly hint: string | null;
  readonly spot: Spot;
  readonly related: readonly { readonly message: string; readonly spot: Spot }[];
};

export type YamlResult = {
  /** null where the syntax is so broken that nothing else can be said about the file. */
  readonly document: ParsedDocument | null;
  readonly problems: readonly YamlProblem[];
};

export type YamlReader = (source: { readonly file: string; readonly text: string }) => YamlResult;

/** Knows lines of scenarios but no columns: good as long as nothing is wrong, which is nearly always. */
export const readQuickly: YamlReader = ({ file, text }) => {
  const plain = readPlainYaml(text);
  if (plain === null) return { document: null, problems: [NOT_PLAIN] };
  const lineOf: ParsedDocument['lineOf'] = (path) => {
    let node: unknown = plain.value;
    let line = 1;
    for (const step of [null, ...path]) {
      if (step !== null) node = (node as { readonly [step: string | number]: unknown } | null)?.[step];
      if (typeof node === 'object' && node !== null) line = plain.lineOf(node) ?? line;
    }
    return line;
  };
  return { document: { file, value: plain.value, locate: () => bareLocation(file), lineOf }, problems: [] };
};

const NOT_PLAIN: YamlProblem = {
  code: 'not-plain',
  message: 'the library has to read this file',
  hint: null,
  spot: { offset: 0, length: 1 },
  related: [],
};
