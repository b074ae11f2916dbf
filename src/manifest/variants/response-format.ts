// `response_format`: the form that an answer has to be of. Its schema stands in the manifest or in a file; every wire says it
// in words of its own, so it may not be said a second time in `params`.
import path from 'node:path';
import type { ResponseFormat as RawFormat } from '../../core/generated/experiment.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { ResponseFormat } from '../../core/response-format.ts';
import { openDocument } from '../documents/document.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import type { JsonPath, ParsedDocument } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { schemaProblems } from '../tools/tool-schema.ts';
import type { Setting } from './settings.ts';

/** What the model is told that it is called where nobody says it. */
const NAME = 'answer';

export type FormatReader = (setting: Setting) => { readonly responseFormat?: ResponseFormat };

/** {}: text, or a mistake that is among the findings. Each file is read once. */
export function makeFormatReader(reading: Reading): FormatReader {
  const files = new Map<string, JsonObject | null>();
  return (setting) => {
    if (setting.kind !== 'given' || setting.value === null) return {};
    if (setting.value === 'json') return { responseFormat: { kind: 'json' } };
    const raw = setting.value as Extract<RawFormat, object>;
    const schema = schemaOf(raw.schema, [...setting.path, 'schema']);
    if (schema === null) return {};
    const { name = NAME, description = null, strict = null } = raw;
    return { responseFormat: { kind: 'schema', name, description, schema, strict } };
  };

  function schemaOf(written: Extract<RawFormat, object>['schema'], at: JsonPath): JsonObject | null {
    const { document } = reading;
    if (typeof written !== 'string')
      return sound(reading, { document, schema: written as JsonObject, base: at });
    const file = path.resolve(reading.folder, written);
    let schema = files.get(file);
    if (schema === undefined) {
      schema = readSchemaFile(reading, { file, shown: written, at });
      files.set(file, schema);
    }
    return schema;
  }
}

function readSchemaFile(
  reading: Reading,
  { file, shown, at }: { readonly file: string; readonly shown: string; readonly at: JsonPath },
): JsonObject | null {
  const { folder, findings } = reading;
  const namedAt = () => reading.document.locate({ path: at, part: 'value' });
  const document = openDocument({ file, shown, folder, findings, maxBytes: MAX_DOCUMENT_BYTES, namedAt });
  if (document === null) return null;
  if (isJsonObject(document.value)) return sound(reading, { document, schema: document.value, base: [] });
  findings.add(file, () => ({
    code: 'wrong-type',
    message: 'a file with a JSON Schema holds one map',
    hint: 'for example: { type: object, properties: { answer: { type: string } }, required: [answer] }',
    location: document.locate({ path: [], part: 'value' }),
  }));
  return null;
}

function sound(
  { findings }: Reading,
  input: { readonly document: ParsedDocument; readonly schema: JsonObject; readonly base: JsonPath },
): JsonObject | null {
  const { document, schema, base } = input;
  const problems = schemaProblems(schema, OF_ANSWERS);
  for (const { path: at, ...said } of problems) {
    findings.add(document.file, () => ({
      ...{ code: 'bad-schema', ...said },
      location: document.locate({ path: [...base, ...at], part: 'value' }),
    }));
  }
  return problems.length === 0 ? schema : null;
}

const OF_ANSWERS = {
  what: 'an answer of a form is an object',
  hint: 'schema: { type: object, properties: { ... } }; a list goes into a property of it',
};

/** The same thing in `params`, in the words of either wire of OpenAI. */
export function checkFormatParams(
  reading: Reading,
  input: { readonly format: Setting; readonly params: Setting },
): void {
  const { format, params } = input;
  if (format.kind !== 'given' || format.value === null || params.kind !== 'given') return;
  const { response_format: chat, text } = params.value as JsonObject;
  const inside = isJsonObject(text) && text.format !== undefined;
  if (chat === undefined && !inside) return;
  say(reading, {
    path: [...params.path, ...(chat === undefined ? ['text', 'format'] : ['response_format'])],
    part: 'key',
    code: 'reserved-param',
    message: `"${chat === undefined ? 'text.format' : 'response_format'}" in params: the field "response_format" says it already`,
    hint: 'leave one of the two out; the field is right for every provider',
  });
}
