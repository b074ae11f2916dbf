// YAML and JSON scenario files: one scenario, a list, or {defaults, scenarios}.
import { isJsonObject } from '../../core/json.ts';
import { openDocument } from '../documents/document.ts';
import type { ScenarioList, ScenarioSource, WrittenIntents } from '../documents/origin.ts';
import type { JsonPath, ParsedDocument } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import { reportEmpty } from './empty.ts';
import { readEntries } from './entry.ts';
import { inputMistakes } from './input-form.ts';
import type { RawDefaults } from './scenario.ts';

/** The YAML library needs about 90 bytes of memory and half a microsecond for each byte: above this, JSONL is the form. */
const MAX_YAML_BYTES = 8_000_000;
const MAX_JSON_BYTES = 256_000_000;

/** A file of another name that is read as JSON or YAML is one of lines that turned out to be a document. */
export function readScenarioFile(source: ScenarioSource, kind?: 'json'): ScenarioList | null {
  const isJson = kind === 'json' || /\.json$/i.test(source.file);
  const maxBytes = isJson ? MAX_JSON_BYTES : MAX_YAML_BYTES;
  const document = openDocument({ ...source, maxBytes, ...(isJson ? { kind: 'json' } : {}) });
  if (document === null) return null;
  if (document.value === null) {
    reportEmpty(source, 'holds nothing');
    return null;
  }
  const found = source.mapping === null ? splitFile(document.value) : splitForeign(document.value);
  if (found === null) {
    const message = 'a scenario file holds one scenario, a list, or "scenarios:" with a list';
    source.findings.add(source.file, () => ({
      code: 'wrong-type',
      message,
      location: document.locate({ path: [], part: 'value' }),
      hint: 'for example: - { id: greeting, input: Hello }',
    }));
    return null;
  }
  reportUnknown({ document, source, keys: found.unknown });
  const defaults =
    found.defaults && areSound({ document, source, value: found.defaults.value, base: found.defaults.path });
  const shared = (defaults ? found.defaults!.value : {}) as RawDefaults;
  const intents = intentsAt({ document, path: found.defaults?.path ?? [], raw: shared, file: source.file });
  return readEntries(source, {
    rows: found.items.map((value, index) => {
      const base = found.base(index);
      return {
        value,
        cells: false,
        defaults: shared,
        intents,
        line: document.lineOf(base),
        locate: (target) => document.locate({ ...target, path: [...base, ...target.path] }),
      };
    }),
    placeOf: (index) => ({
      value: found.items[index],
      locate: (target) => {
        const isShared = isFromDefaults(found, index, target.path[0]);
        const base = isShared ? found.defaults!.path : found.base(index);
        return document.locate({ ...target, path: [...base, ...target.path] });
      },
    }),
  });
}

/** A place to point at for each mapping; mostly there is none. */
function intentsAt(input: {
  readonly document: ParsedDocument;
  readonly path: JsonPath;
  readonly raw: RawDefaults;
  readonly file: string;
}): readonly WrittenIntents[] {
  const { document, raw, file } = input;
  if (raw.expects_tools === undefined) return NO_INTENTS;
  const base = [...input.path, 'expects_tools'];
  return [
    {
      raw: raw.expects_tools,
      file,
      locate: (target) => document.locate({ ...target, path: [...base, ...target.path] }),
    },
  ];
}

const NO_INTENTS: readonly never[] = [];

type Split = {
  readonly items: readonly unknown[];
  readonly defaults: { readonly value: unknown; readonly path: JsonPath } | null;
  readonly base: (index: number) => JsonPath;
  readonly unknown: readonly string[];
};

/** By its shape: the three forms have nothing in common that could be confused. */
function splitFile(value: unknown): Split | null {
  if (Array.isArray(value)) return { items: value, defaults: null, base: (index) => [index], unknown: [] };
  if (!isJsonObject(value)) return null;
  const isCollection =
    Object.hasOwn(value, 'scenarios') || (Object.hasOwn(value, 'defaults') && !Object.hasOwn(value, 'id'));
  if (!isCollection) return { items: [value], defaults: null, base: () => [], unknown: [] };
  const items = Object.hasOwn(value, 'scenarios') ? value.scenarios : null;
  if (!Array.isArray(items)) return null;
  return {
    items,
    defaults: Object.hasOwn(value, 'defaults') ? { value: value.defaults, path: ['defaults'] } : null,
    base: (index) => ['scenarios', index],
    unknown: Object.keys(value).filter((key) => key !== 'scenarios' && key !== 'defaults'),
  };
}

/** Of another tool: a list, or a map with one list in it; any other map is one row. */
function splitForeign(value: unknown): Split | null {
  const plain = { defaults: null, unknown: [] };
  if (Array.isArray(value)) return { ...plain, items: value, base: (index) => [index] };
  if (!isJsonObject(value)) return null;
  const lists = Object.entries(value).filter(
    ([, member]) => Array.isArray(member) && member.every(isJsonObject),
  );
  const [name, items] = lists.length === 1 ? lists[0]! : ['', [value]];
  return {
    ...plain,
    items: items as readonly unknown[],
    base: (index) => (name === '' ? [] : [name, index]),
  };
}

/** What the scenario does not say itself stands in the defaults, if anywhere. */
function isFromDefaults(
  { items, defaults }: Split,
  index: number,
  field: string | number | undefined,
): boolean {
  const item = items[index];
  if (field === undefined || defaults === null || !isJsonObject(item) || !isJsonObject(defaults.value))
    return false;
  return (item[field] ?? null) === null && Object.hasOwn(defaults.value, field);
}

function areSound(input: {
  readonly document: ParsedDocument;
  readonly source: ScenarioSource;
  readonly value: unknown;
  readonly base: JsonPath;
}): boolean {
  const { document, source, value, base } = input;
  const shaped = mistakesOf('defaults', value);
  const mistakes = shaped.length > 0 ? shaped : inputMistakes((value as RawDefaults).input);
  for (const { path, part, say } of mistakes) {
    source.findings.add(source.file, () => ({
      ...say(),
      location: document.locate({ path: [...base, ...path], part }),
    }));
  }
  return mistakes.length === 0;
}

function reportUnknown(input: {
  document: ParsedDocument;
  source: ScenarioSource;
  keys: readonly string[];
}): void {
  for (const key of input.keys) {
    input.source.findings.add(input.source.file, () => ({
      ...{
        code: 'unknown-key',
        message: `unknown key ${JSON.stringify(key)}`,
        hint: 'known here: defaults, scenarios',
      },
      location: input.document.locate({ path: [key], part: 'key' }),
    }));
  }
}
