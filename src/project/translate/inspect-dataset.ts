// The dataset of an Inspect task -> samples: files beside it, and samples that are written out.
import path from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import { CommandError } from '../open/command-error.ts';
import { type InspectSample, idOf, inputOf, targetsOf } from './inspect-task.ts';
import { rowOf } from './names.ts';
import { followed, type PythonFile } from './python-file.ts';
import { bodyOf, type Call, callsOf, type Expression } from './python-text.ts';
import { readRows } from './rows.ts';
import { findNamed } from './source.ts';

type At = (expression: Expression) => string;

/** @throws CommandError where no sample can be had without running it */
export async function readDataset(
  python: PythonFile,
  dataset: Expression,
  at: At,
): Promise<readonly InspectSample[]> {
  const samples = await samplesOf(python, dataset, at);
  if (samples.length === 0)
    throw new CommandError(
      `${at(dataset)}: the data set holds no sample that can be had without running it, and nothing was written`,
    );
  return samples;
}

const FILE_ARGUMENT: { readonly [call: string]: string | undefined } = {
  json_dataset: 'json_file',
  csv_dataset: 'csv_file',
  file_dataset: 'file',
};
const READ = new Set(['json_file', 'csv_file', 'file', 'sample_fields', 'name', 'auto_id']);

async function samplesOf(python: PythonFile, dataset: Expression, at: At): Promise<readonly InspectSample[]> {
  if (dataset.kind === 'list') return dataset.items.flatMap((item) => writtenSample(python, item, at) ?? []);
  if (dataset.kind !== 'call')
    throw new CommandError(
      `${at(dataset)}: the data set is made by code, and no code is run: write it as JSONL or CSV, and npx expgraph init --from-data FILE`,
    );
  if (dataset.name === 'MemoryDataset') {
    const inner = followed(
      python,
      dataset.named.get('samples') ?? dataset.positional[0] ?? null,
      dataset.offset,
    );
    return inner === null ? [] : samplesOf(python, inner, at);
  }
  if (dataset.name === 'hf_dataset' || dataset.name === 'example_dataset')
    throw new CommandError(
      `${at(dataset)}: ${dataset.name} is fetched from elsewhere, and nothing is fetched: save it as JSONL beside the task, and npx expgraph init --from-data FILE`,
    );
  const argument = rowOf(FILE_ARGUMENT, dataset.name);
  if (argument === undefined)
    throw new CommandError(
      `${at(dataset)}: the data set is made by ${dataset.name}(), and no code is run: write it as JSONL or CSV, and npx expgraph init --from-data FILE`,
    );
  return fileSamples(python, { dataset, argument, at });
}

async function fileSamples(
  python: PythonFile,
  { dataset, argument, at }: { readonly dataset: Call; readonly argument: string; readonly at: At },
): Promise<readonly InspectSample[]> {
  const named = followed(
    python,
    dataset.named.get(argument) ?? dataset.positional[0] ?? null,
    dataset.offset,
  );
  if (named?.kind !== 'value' || typeof named.value !== 'string')
    throw new CommandError(
      `${at(dataset)}: the path of its file would have to be run: npx expgraph init --from-data FILE`,
    );
  const found = findNamed(named.value, path.dirname(python.file), python.reach);
  if (found.kind === 'none') throw new CommandError(`${at(dataset)}: ${named.value}: ${found.why}`);
  for (const [name, value] of dataset.named)
    if (!READ.has(name))
      python.notes.left.push({
        place: at(value),
        what: `${dataset.name} ${name}`,
        why: rowOf(LEFT, name) ?? 'it is not known here',
      });
  const fields = fieldsOf(python, dataset, at);
  const { rows, at: rowAt } = await readRows({ file: found.file, reach: python.reach });
  return rows.flatMap((row, i) => {
    const place = rowAt(i);
    const of = (field: keyof Fields): Json | undefined => {
      const column = fields[field];
      return typeof column === 'string' ? row[column] : undefined;
    };
    const input = inputOf(of('input'));
    if (input === null) {
      python.notes.left.push({ place, what: 'sample', why: `it has no text under ${fields.input}` });
      return [];
    }
    const metadata =
      fields.metadata === null
        ? {}
        : Object.fromEntries(
            fields.metadata.flatMap(([name, column]) =>
              row[column] === undefined ? [] : [[name, row[column]] as const],
            ),
          );
    const spread =
      fields.metadata === null &&
      typeof row.metadata === 'object' &&
      row.metadata !== null &&
      !Array.isArray(row.metadata)
        ? (row.metadata as JsonObject)
        : {};
    return [
      {
        id: idOf(of('id')),
        input,
        targets: targetsOf(of('target')),
        choices: choicesOf(of('choices')),
        metadata: { ...spread, ...metadata },
        place,
      },
    ];
  });
}

const LEFT: { readonly [name: string]: string | undefined } = {
  shuffle: 'the order of scenarios is no matter: tasks of all arms are drawn side by side',
  seed: 'the order of scenarios is no matter: tasks of all arms are drawn side by side',
  shuffle_choices: 'choices stay as they are written',
  limit: 'fewer are drawn by --scenario or --max-new',
};

type Fields = {
  readonly input: string;
  readonly target: string;
  readonly id: string;
  readonly choices: string;
  /** Name and column. */
  readonly metadata: readonly (readonly [string, string])[] | null;
};

const USUAL: Fields = { input: 'input', target: 'target', id: 'id', choices: 'choices', metadata: null };

/** FieldSpec(...), or a function that returns Sample(input=record["question"], ...): its columns are read off the text. */
function fieldsOf(python: PythonFile, dataset: Call, at: At): Fields {
  const told = followed(
    python,
    dataset.named.get('sample_fields') ?? dataset.positional[1] ?? null,
    dataset.offset,
  );
  if (told === null || (told.kind === 'value' && told.value === null)) return USUAL;
  if (told.kind === 'call' && told.name === 'FieldSpec') return specFields(told);
  const body = told.kind === 'name' ? bodyOf(python.source, told.name) : null;
  const [made] = body === null ? [] : callsOf(body.text, new Set(['Sample']));
  const fields = made === undefined ? null : recordFields(made);
  const place = at(told);
  if (fields === null)
    throw new CommandError(
      `${place}: samples are made by code that is more than columns: write them as JSONL, and npx expgraph init --from-data FILE`,
    );
  for (const name of fields.unread)
    python.notes.left.push({
      place,
      what: `sample ${name}`,
      why: 'it would have to be run: only record["column"] is read',
    });
  return fields.fields;
}

function specFields(call: Call): Fields {
  const text = (name: string, usual: string): string => {
    const value = call.named.get(name);
    return value?.kind === 'value' && typeof value.value === 'string' ? value.value : usual;
  };
  const metadata = call.named.get('metadata');
  const listed =
    metadata?.kind === 'value' && Array.isArray(metadata.value)
      ? (metadata.value as readonly Json[]).map((name) => [String(name), String(name)] as const)
      : null;
  return {
    input: text('input', 'input'),
    target: text('target', 'target'),
    id: text('id', 'id'),
    choices: text('choices', 'choices'),
    metadata: listed,
  };
}

/** null: not even the input is a column. */
function recordFields(call: Call): { readonly fields: Fields; readonly unread: readonly string[] } | null {
  const columns = new Map<string, string>();
  const unread: string[] = [];
  let metadata: Fields['metadata'] = null;
  const all = [...call.positional.map((one, i) => [ORDER[i] ?? String(i), one] as const), ...call.named];
  for (const [name, one] of all) {
    const column = columnOf(one);
    if (column !== null) columns.set(name, column);
    else if (name === 'metadata' && one.kind === 'map') {
      const members = [...one.members].map(([label, held]) => [label, columnOf(held)] as const);
      metadata = members.flatMap(([label, held]) => (held === null ? [] : [[label, held] as const]));
      for (const [label, held] of members) if (held === null) unread.push(`metadata ${label}`);
    } else unread.push(name);
  }
  const input = columns.get('input');
  if (input === undefined) return null;
  const of = (name: string): string => columns.get(name) ?? '';
  return {
    fields: { input, target: of('target'), id: of('id') || 'id', choices: of('choices'), metadata },
    unread,
  };
}

const ORDER = ['input', 'choices', 'target', 'id', 'metadata'];

/** `record["question"]`, `record.get("question")`, either in str(). */
function columnOf(expression: Expression): string | null {
  const text = expression.kind === 'code' || expression.kind === 'call' ? expression.text : '';
  const found = /^(?:str\()?\w+(?:\[["']([^"']+)["']\]|\.get\(["']([^"']+)["']\))\)?$/.exec(text);
  return found?.[1] ?? found?.[2] ?? null;
}

function choicesOf(value: Json | undefined): readonly string[] {
  if (Array.isArray(value)) return (value as readonly Json[]).map(String);
  return typeof value === 'string' && value !== '' ? value.split(',').map((one) => one.trim()) : [];
}

function writtenSample(python: PythonFile, expression: Expression, at: At): InspectSample | null {
  const place = at(expression);
  if (expression.kind !== 'call' || expression.name !== 'Sample') {
    python.notes.left.push({ place, what: 'sample', why: 'it would have to be run' });
    return null;
  }
  const of = (name: string): Json | undefined => {
    const one = followed(
      python,
      expression.named.get(name) ?? expression.positional[ORDER.indexOf(name)] ?? null,
      expression.offset,
    );
    if (one !== null && one.kind !== 'value')
      python.notes.left.push({ place, what: `sample ${name}`, why: 'it would have to be run' });
    return one?.kind === 'value' ? one.value : undefined;
  };
  const input = inputOf(of('input'));
  if (input === null) return null;
  for (const name of expression.named.keys())
    if (!ORDER.includes(name))
      python.notes.left.push({
        place,
        what: `sample ${name}`,
        why: 'files and setups of samples are programs of yours: command: [...]',
      });
  const metadata = of('metadata');
  return {
    ...{
      id: idOf(of('id')),
      input,
      targets: targetsOf(of('target')),
      choices: choicesOf(of('choices')),
      place,
    },
    metadata:
      typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
        ? (metadata as JsonObject)
        : {},
  };
}
