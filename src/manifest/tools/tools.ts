// `tools`: a list in the manifest, or a YAML or JSON file with a list or {tools: [...]}.
import path from 'node:path';
import type { Location } from '../../core/diagnostic.ts';
import type { Tool as RawTool } from '../../core/generated/experiment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Scenario, Tool } from '../../core/manifest.ts';
import { openDocument } from '../documents/document.ts';
import type { Locate, ScenarioEntry } from '../documents/origin.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import type { JsonPath, ParsedDocument } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import { fileNamedBy, pathWords } from '../path-as-text.ts';
import type { Reading } from '../reading.ts';
import { toolSchemaProblems } from './tool-schema.ts';

/** null: something is wrong with them, which is among the findings. Each file is read once. */
export function makeToolReader(reading: Reading): (value: unknown, at: JsonPath) => readonly Tool[] | null {
  const files = new Map<string, readonly Tool[] | null>();
  return (value, at) => {
    const { document } = reading;
    if (typeof value !== 'string')
      return readTools({ reading, document, list: value as readonly unknown[], base: at });
    const file = path.resolve(reading.folder, value);
    let tools = files.get(file);
    if (tools === undefined) {
      const namedAt = () => document.locate({ path: at, part: 'value' });
      tools = readToolsFile(reading, { file, shown: value, namedAt });
      files.set(file, tools);
    }
    return tools;
  };
}

/**
 * `tools` of a scenario: a list, or the path of a file, as of a variant. Data sets of function calls have one list a case.
 * The scenario with its tools; without any it is what it was. Each file is read once.
 */
export function makeOwnToolsReader(
  reading: Reading,
): (input: { readonly entry: ScenarioEntry; readonly locate: Locate }) => Scenario {
  const files = new Map<string, readonly Tool[] | null>();
  return ({ entry, locate }) => {
    const { scenario, index, tools: written } = entry;
    if (written === undefined) return scenario;
    const document = {
      file: scenario.source.file,
      locate: (target: Parameters<Locate>[1]) => locate(index, target),
    };
    if (typeof written !== 'string') {
      const tools = readTools({ reading, document, list: written.map(unwrapped), base: ['tools'] });
      return tools === null ? scenario : { ...scenario, tools };
    }
    const file = path.resolve(reading.folder, written);
    let tools = files.get(file);
    if (tools === undefined) {
      const namedAt = () => document.locate({ path: ['tools'], part: 'value' });
      tools = readToolsFile(reading, { file, shown: written, namedAt });
      files.set(file, tools);
    }
    return tools === null ? scenario : { ...scenario, tools };
  };
}

/** Data sets keep tools as an API takes them, in its wrapper: `{type: function, function: {...}}`. */
function unwrapped(tool: unknown): unknown {
  if (!isJsonObject(tool) || !isJsonObject(tool.function)) return tool;
  return tool.type === 'function' || Object.keys(tool).length === 1 ? tool.function : tool;
}

const MAX_TOOLS = 1000;

export function readToolsFile(
  reading: ToolsReading,
  from: { readonly file: string; readonly shown: string; readonly namedAt: () => Location },
): readonly Tool[] | null {
  const { file, shown, namedAt } = from;
  const { folder, findings } = reading;
  const document = openDocument({
    file,
    shown,
    folder,
    findings,
    maxBytes: MAX_DOCUMENT_BYTES,
    namedAt,
  });
  if (document === null) return null;
  const { value } = document;
  const wrapped = isJsonObject(value) && Object.hasOwn(value, 'tools') ? value.tools : undefined;
  const list = Array.isArray(value) ? value : wrapped;
  if (Array.isArray(list) && list.length <= MAX_TOOLS) {
    return readTools({ reading, document, list, base: wrapped === undefined ? [] : ['tools'] });
  }
  const message = Array.isArray(list)
    ? `a list of ${list.length} tools; the limit is ${MAX_TOOLS}`
    : 'a tools file holds a list of tools, or "tools:" with a list';
  findings.add(file, () => ({
    code: 'wrong-type',
    message,
    hint: 'each tool is { name, description, parameters }',
    location: document.locate({ path: [], part: 'value' }),
  }));
  return null;
}

type ToolsReading = Pick<Reading, 'findings' | 'folder'>;

type List = {
  readonly reading: Pick<Reading, 'findings' | 'folder'>;
  readonly document: Pick<ParsedDocument, 'file' | 'locate'>;
  readonly list: readonly unknown[];
  readonly base: JsonPath;
};

export function readTools({ reading, document, list, base }: List): readonly Tool[] | null {
  const { findings } = reading;
  const first = new Map<string, number>();
  let sound = true;
  const tools = list.map((value, index) => {
    for (const { path: at, part, say } of mistakesOf('tool', value)) {
      sound = false;
      const location = () => document.locate({ path: [...base, index, ...at], part });
      findings.add(document.file, () => ({ ...say(), ...wrapperHint(value), location: location() }));
    }
    const raw = value as RawTool;
    warnOfPath({ reading, document, value: raw?.description, path: [...base, index, 'description'] });
    if (isJsonObject(value) && isJsonObject(value.parameters)) {
      for (const { path: at, ...said } of toolSchemaProblems(value.parameters)) {
        sound = false;
        const place = [...base, index, 'parameters', ...at];
        findings.add(document.file, () => ({
          ...{
            code: 'bad-schema',
            ...said,
            message: `${said.message} (in the tool ${JSON.stringify(raw.name)})`,
          },
          location: document.locate({ path: place, part: 'value' }),
        }));
      }
    }
    const twin = typeof raw?.name === 'string' ? first.get(raw.name) : undefined;
    if (twin !== undefined) {
      sound = false;
      const nameAt = (at: number) => document.locate({ path: [...base, at, 'name'], part: 'value' });
      findings.add(document.file, () => ({
        ...{
          code: 'duplicate-tool',
          message: `two tools are named ${JSON.stringify(raw.name)}`,
          location: nameAt(index),
        },
        related: [{ message: 'the first is here', location: nameAt(twin) }],
      }));
    } else if (typeof raw?.name === 'string') {
      first.set(raw.name, index);
    }
    return raw;
  });
  return sound ? tools.map(toTool) : null;
}

/** A model would read the path and not what stands in the file. */
function warnOfPath(
  input: Pick<List, 'reading' | 'document'> & { readonly value: unknown; readonly path: JsonPath },
): void {
  const { reading, document, value, path: place } = input;
  const named = typeof value === 'string' ? fileNamedBy(value, reading.folder) : null;
  if (named === null) return;
  const hint = 'a description is the text itself: in YAML "description: |" takes many lines';
  reading.findings.add(document.file, () => ({
    ...pathWords(value as string, named, hint),
    location: document.locate({ path: place, part: 'value' }),
  }));
}

function toTool(raw: RawTool): Tool {
  return {
    name: raw.name,
    description: raw.description ?? null,
    parameters: (raw.parameters as JsonObject | undefined) ?? null,
    strict: raw.strict ?? null,
    ...(raw.result === undefined ? {} : { result: raw.result as Json }),
  };
}

/** Tools copied out of an API request wear the API's wrapper. */
function wrapperHint(value: unknown): { readonly hint?: string } {
  const isWrapped = isJsonObject(value) && isJsonObject(value.function);
  return isWrapped ? { hint: 'write what is inside "function:": { name, description, parameters }' } : {};
}
