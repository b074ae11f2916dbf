// YAML 1.2 -> plain data that knows its places. The only file that imports `yaml`.
import {
  Composer,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  Parser,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { lostNumber, MAX_DEPTH, textProblem } from '../../core/canonical-input.ts';
import {
  bareLocation,
  lineFinder,
  locationAt,
  needleIn,
  type ParsedDocument,
  type Spot,
  type Target,
} from '../errors/place.ts';
import { type Anchors, makeAnchors, NODE_WEIGHT } from './yaml-anchors.ts';
import type { YamlEntries } from './yaml-splice.ts';
import { bracesWords, foreignValue, problemAt, syntaxProblems, type YamlProblem } from './yaml-words.ts';

export type YamlResult = {
  /** null where the syntax is so broken that nothing else can be said about the file. */
  readonly document: ParsedDocument | null;
  readonly problems: readonly YamlProblem[];
};

export function parseYaml(source: { readonly file: string; readonly text: string }): YamlResult {
  const { document, problems } = composeBounded(source.text);
  if (problems.length > 0 || document === null) return { document: null, problems };
  const reading: Reading = { text: source.text, problems: [], anchors: makeAnchors() };
  const value = read(document.contents, { reading, depth: 0 });
  const lineOf = lineFinder(source.text);
  return {
    document: {
      file: source.file,
      value,
      locate: (target) => {
        const spot = spotOf({ document, target, text: source.text });
        return spot ? locationAt({ ...source, spot }) : bareLocation(source.file);
      },
      lineOf: (path) =>
        lineOf(spotOf({ document, target: { path, part: 'value' }, text: source.text })?.offset ?? 0),
    },
    problems: reading.problems,
  };
}

/** The library descends by recursion: hostile nesting ends on the stack's last frame, not on ours. */
function composeBounded(text: string): ReturnType<typeof compose> {
  try {
    return compose(text);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problem = problemAt('too-deep', { offset: 0, length: 1 });
    return { document: null, problems: [{ ...problem, message: 'nested too deeply to be read' }] };
  }
}

function compose(text: string): { document: Document | null; problems: YamlProblem[] } {
  // uniqueKeys is quadratic in the library; `readMap` looks for twins itself, and names both.
  const composer = new Composer({ version: '1.2', uniqueKeys: false, logLevel: 'silent' });
  const documents: Document[] = [];
  for (const token of new Parser().parse(text)) {
    for (const document of composer.next(token)) documents.push(document);
    if (token.type === 'error' || documents.length > 1) break;
  }
  if (documents.length < 2) documents.push(...composer.end(true, text.length));
  const problems = syntaxProblems(
    text,
    documents.map((document) => ({
      mistakes: [...document.errors, ...document.warnings],
      openQuote: () => lastQuote(document),
    })),
  );
  const second = documents[1];
  if (second && problems.length === 0) {
    const spot = { offset: second.range?.[0] ?? 0, length: 3 };
    problems.push({
      ...problemAt('yaml-syntax', spot),
      message: 'a second document begins here; a file holds one',
      hint: 'write one list',
    });
  }
  return { document: documents[0] ?? null, problems };
}

/** Where the last quoted text of a document begins. */
function lastQuote(document: Document): Spot | null {
  let last: Spot | null = null;
  visit(document, {
    Scalar: (_, node) => {
      if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE')
        last = { ...spotOfNode(node), length: 1 };
    },
  });
  return last;
}

type Reading = {
  readonly text: string;
  readonly problems: YamlProblem[];
  readonly anchors: Anchors;
};
type At = { readonly reading: Reading; readonly depth: number };

// The library's own conversion is not used: nested complex keys cost it time exponential in the file's length
// (1.6 kB: 139 s), and it has no place for twins, depth and aliases.
function read(node: unknown, input: At): unknown {
  const { reading } = input;
  if (isAlias(node)) return readAlias(node, reading);
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  return anchor ? reading.anchors.define(anchor, () => readContent(node, input)) : readContent(node, input);
}

function readContent(node: unknown, input: At): unknown {
  const { reading, depth } = input;
  reading.anchors.add(NODE_WEIGHT);
  const foreign = foreignValue(node);
  if (foreign !== null) {
    report(node, { reading, ...foreign });
    return null;
  }
  if (isScalar(node)) return readScalar(node, reading);
  if (!isMap(node) && !isSeq(node)) return null;
  if (depth > MAX_DEPTH) {
    report(node, { reading, code: 'too-deep', message: `nested deeper than ${MAX_DEPTH} levels` });
    return null;
  }
  if (isSeq(node)) return node.items.map((item) => read(item, { reading, depth: depth + 1 }));
  const braces = bracesText(node, reading.text);
  if (braces !== null) {
    report(node, { reading, code: 'bad-key', ...bracesWords(braces) });
    return braces;
  }
  const map: Record<string, unknown> = {};
  const seen = new Map<string, Node>();
  for (const pair of node.items) {
    const key = readKey(pair.key, reading);
    if (key === null) continue;
    const twin = seen.get(key.normalize('NFC'));
    if (twin) {
      const related = [{ message: 'the first is here', spot: spotOfNode(twin) }];
      const message = `${JSON.stringify(key)} is twice in this map`;
      report(pair.key, { reading, code: 'duplicate-key', message, related, hint: 'leave one of them out' });
    }
    seen.set(key.normalize('NFC'), pair.key as Node);
    const value = read(pair.value, { reading, depth: depth + 1 });
    // As data, never as the object's prototype.
    if (key !== '__proto__') map[key] = value;
    else Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  }
  return map;
}

/** `template: {{input}}`: a map whose key is a map, which nobody means. */
function bracesText(node: YAMLMap, text: string): string | null {
  const [only] = node.items;
  const isBraces =
    node.flow === true &&
    node.items.length === 1 &&
    isMap(only!.key) &&
    only!.key.flow === true &&
    !only!.value;
  return isBraces && node.range ? text.slice(node.range[0], node.range[1]) : null;
}

function readScalar(
  node: { readonly value: unknown; readonly source?: string | undefined },
  reading: Reading,
): unknown {
  const { value } = node;
  if (typeof value === 'string') reading.anchors.add(value.length);
  const problem = textProblem(value);
  if (problem) report(node, { reading, ...problem });
  const lost = typeof value === 'number' && !problem ? lostNumber(node.source ?? '') : null;
  if (lost) report(node, { reading, ...lost });
  // Said once: what follows sees a replacement character, not the broken text.
  return problem && typeof value === 'string' ? value.toWellFormed() : value;
}

function readKey(node: unknown, reading: Reading): string | null {
  if (!isScalar(node)) {
    report(node, {
      reading,
      code: 'bad-key',
      message: "a map's key must be text, not a list, a map or an alias",
    });
    return null;
  }
  const foreign = foreignValue(node);
  if (foreign !== null) {
    report(node, { reading, ...foreign });
    return null;
  }
  if (node.source === '<<' && node.type === 'PLAIN') {
    const hint = 'write the members out, or use an alias for the whole value';
    report(node, { reading, code: 'bad-key', message: 'merge keys (<<) are not part of YAML 1.2', hint });
    return null;
  }
  const key = typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
  const problem = textProblem(key);
  if (problem) report(node, { reading, ...problem });
  return problem ? null : key;
}

function readAlias(node: Node & { readonly source: string }, reading: Reading): unknown {
  const { value, problem } = reading.anchors.use(node.source);
  if (problem !== null) report(node, { reading, ...problem });
  return value;
}

type Report = {
  readonly reading: Reading;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | null;
  readonly related?: YamlProblem['related'];
};

function report(node: unknown, { reading, ...said }: Report): void {
  reading.problems.push({ ...problemAt(said.code, spotOfNode(node)), ...said });
}

function spotOfNode(node: unknown): Spot {
  const range = (node as Partial<Node> | null)?.range;
  return range ? { offset: range[0], length: range[1] - range[0] } : { offset: 0, length: 1 };
}

function spotOf(input: { document: Document; target: Target; text: string }): Spot | null {
  const { target } = input;
  let node: unknown = input.document.contents;
  let key: unknown = null;
  for (const step of target.path) {
    if (isAlias(node)) node = node.resolve(input.document);
    if (isMap(node)) {
      const pair = node.items.findLast((item) => isPair(item) && keyText(item.key) === step);
      if (!pair) break;
      key = pair.key;
      node = pair.value;
    } else if (isSeq(node) && typeof step === 'number' && step in node.items) {
      key = null;
      node = node.items[step];
    } else {
      break;
    }
  }
  const value = spotOfNode(node);
  const within = target.part === 'key' && key !== null ? spotOfNode(key) : value;
  const needle = needleIn(input.text, within, target.needle);
  if (needle !== null) return needle;
  // A map or a list over many lines, or nothing at all: the name that it has says better what is meant.
  const isVague = !isScalar(node) || value.length === 0;
  return key !== null && (target.part === 'key' || isVague) ? spotOfNode(key) : node ? value : null;
}

function keyText(key: unknown): unknown {
  if (!isScalar(key)) return null;
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** Where the entries of a list or a map stand in the text; null = there is no such collection, or none of a known form. */
export function entriesAt(text: string, path: readonly string[]): YamlEntries | null {
  const document = parseDocument(text, { keepSourceTokens: true, uniqueKeys: false, logLevel: 'silent' });
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (document.errors.length > 0 || !(isMap(node) || isSeq(node)) || !node.range) return null;
  const tokens = (node.srcToken as { readonly items?: readonly { readonly start: readonly Begin[] }[] })
    .items;
  const entries = node.items.map((item, n) => {
    const of = isPair(item) ? [item.key, item.value] : [item];
    const ranges = of.flatMap((one) => (one as Node | null)?.range ?? []);
    const dash = tokens?.[n]?.start.find(({ type }) => type === 'seq-item-ind')?.offset;
    const start = dash ?? ranges[0]!;
    return { start, end: Math.max(...ranges.filter((_, at) => at % 3 === 1)), after: Math.max(...ranges) };
  });
  if (entries.some(({ start }) => start === undefined)) return null;
  return { isFlow: node.flow === true, entries, start: node.range[0], end: node.range[1] };
}

type Begin = { readonly type: string; readonly offset: number };
