// YAML and JSON scenario files: one scenario, a list, or {defaults, scenarios}.
import { isJsonObject } from '../core/json.ts';
import { openDocument } from './document.ts';
import type { Locate, ScenarioList, ScenarioSource, WrittenIntents } from './origin.ts';
import type { JsonPath, ParsedDocument } from './place.ts';
import { fieldProblems, makeScenario, type RawDefaults, type RawScenario } from './scenario.ts';
import type { Shape } from './shape.ts';
import { mistakesOf } from './validate.ts';

/** The YAML library needs about 90 bytes of memory and half a microsecond for each byte: above this, JSONL is the form. */
const MAX_YAML_BYTES = 8_000_000;
const MAX_JSON_BYTES = 256_000_000;

export function readScenarioFile(source: ScenarioSource): ScenarioList | null {
  const isJson = /\.json$/i.test(source.file);
  const document = openDocument({ ...source, maxBytes: isJson ? MAX_JSON_BYTES : MAX_YAML_BYTES });
  if (document === null) return null;
  const found = splitFile(document.value);
  if (found === null) {
    const message = 'a scenario file holds one scenario, a list, or "scenarios:" with a list';
    source.findings.add(source.file, () => ({
      ...{ code: 'wrong-type', message },
      location: document.locate({ path: [], part: 'value' }),
      hint: 'for example: - { id: greeting, input: Hello }',
    }));
    return null;
  }
  reportUnknown({ document, source, keys: found.unknown });
  const defaults =
    found.defaults &&
    isSound({ document, source, shape: 'defaults', value: found.defaults.value, base: found.defaults.path });
  const locate: Locate = (index, target) => {
    const base = isFromDefaults(found, index, target.path[0]) ? found.defaults!.path : found.base(index);
    return document.locate({ ...target, path: [...base, ...target.path] });
  };
  const intentsOf = (path: JsonPath, raw: RawDefaults): readonly WrittenIntents[] =>
    intentsAt({ document, path, raw, file: source.file });
  const shared = (defaults ? found.defaults!.value : {}) as RawDefaults;
  const fromDefaults = intentsOf(found.defaults?.path ?? [], shared);
  const scenarios = found.items.flatMap((value, index) => {
    const base = found.base(index);
    if (!isSound({ document, source, shape: 'scenario', value, base })) return [];
    const raw = value as RawScenario;
    const line = document.lineOf(base);
    const scenario = makeScenario({ raw, defaults: shared, file: source.file, line });
    const intents = [...fromDefaults, ...intentsOf(base, raw)];
    return [{ scenario, index, intents, hasInput: raw.input !== undefined || shared.input !== undefined }];
  });
  return { scenarios, locate };
}

/** A place to point at for each mapping; mostly there is none. */
function intentsAt(at: {
  readonly document: ParsedDocument;
  readonly path: JsonPath;
  readonly raw: RawDefaults;
  readonly file: string;
}): readonly WrittenIntents[] {
  const { document, raw, file } = at;
  if (raw.expects_tools === undefined) return NO_INTENTS;
  const base = [...at.path, 'expects_tools'];
  return [
    {
      ...{ raw: raw.expects_tools, file },
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

type Checking = {
  readonly document: ParsedDocument;
  readonly source: ScenarioSource;
  readonly shape: Shape;
  readonly value: unknown;
  readonly base: JsonPath;
};

function isSound({ document, source, shape, value, base }: Checking): boolean {
  const mistakes = mistakesOf(shape, value);
  for (const { path, part, say } of mistakes) {
    source.findings.add(source.file, () => ({
      ...say(),
      location: document.locate({ path: [...base, ...path], part }),
    }));
  }
  if (mistakes.length > 0) return false;
  const problems = shape === 'scenario' ? fieldProblems(value as RawScenario) : [];
  for (const { path, message, hint } of problems) {
    const target = { path: [...base, ...path], part: 'value' } as const;
    source.findings.add(source.file, () => ({
      code: 'bad-name',
      message,
      hint,
      location: document.locate(target),
    }));
  }
  return problems.length === 0;
}

function reportUnknown(at: {
  document: ParsedDocument;
  source: ScenarioSource;
  keys: readonly string[];
}): void {
  for (const key of at.keys) {
    at.source.findings.add(at.source.file, () => ({
      ...{
        code: 'unknown-key',
        message: `unknown key ${JSON.stringify(key)}`,
        hint: 'known here: defaults, scenarios',
      },
      location: at.document.locate({ path: [key], part: 'key' }),
    }));
  }
}
