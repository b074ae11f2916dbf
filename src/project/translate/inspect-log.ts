// A log of Inspect, packed (.eval) or JSON, -> the task that it was: its data set is in its samples.
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { listOf, objectOf, parseJson } from '../../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { isInspectLog } from '../../exchange/read-inspect.ts';
import { ZipError, zipEntries } from '../../exchange/zip.ts';
import { CommandError } from '../open/command-error.ts';
import { isCount, type Notes } from './draft.ts';
import {
  type InspectPart,
  type InspectSample,
  type InspectTask,
  idOf,
  inputOf,
  isNoModel,
  targetsOf,
} from './inspect-task.ts';

const MAX_BYTES = 256_000_000;

type LogFile = { readonly file: string; readonly shown: string; readonly notes: Notes };

export async function readLog(input: LogFile): Promise<InspectTask> {
  const { file, shown } = input;
  if (/\.eval$/i.test(file)) return packedLog(input);
  const { size } = statSync(file);
  if (size > MAX_BYTES) throw new CommandError(`${shown} is larger than ${MAX_BYTES / 1e6} MB`);
  const read = parseJson(readFileSync(file, 'utf8'));
  if (read.kind === 'err') throw new CommandError(`${shown} ${read.error}; nothing was written`);
  if (!isInspectLog(read.value)) throw new CommandError(`${shown} is no log of Inspect`);
  return taskOf(
    input,
    read.value,
    listOf(read.value.samples).map((sample, i) => ({ sample, place: `${shown}: samples[${i}]` })),
  );
}

async function packedLog(input: LogFile): Promise<InspectTask> {
  const { file, shown } = input;
  let header: JsonObject | null = null;
  const samples: { sample: Json; place: string }[] = [];
  try {
    for await (const entry of zipEntries(file, MAX_BYTES)) {
      const isHeader = entry.name === 'header.json' || entry.name === '_journal/start.json';
      if (!isHeader && !/^samples\/.+\.json$/s.test(entry.name)) continue;
      const read = parseJson(await entry.text());
      if (read.kind === 'err') throw new CommandError(`${shown}: ${entry.name} is no JSON`);
      if (!isHeader) samples.push({ sample: read.value, place: `${shown}: ${entry.name}` });
      else if (isInspectLog(read.value) && (header === null || entry.name === 'header.json'))
        header = read.value;
    }
  } catch (cause) {
    if (cause instanceof ZipError) throw new CommandError(`${shown} ${cause.message}`);
    throw cause;
  }
  if (header === null) throw new CommandError(`${shown} is no log of Inspect: it has no header.json`);
  return taskOf(input, header, samples);
}

function taskOf(
  { shown, notes }: LogFile,
  log: JsonObject,
  told: readonly { readonly sample: Json; readonly place: string }[],
): InspectTask {
  const spec = objectOf(log.eval);
  const config = objectOf(spec.config);
  const plan = objectOf(log.plan);
  const samples = uniqueSamples(told, notes);
  const name = String(spec.task);
  return {
    name: path.posix.basename(name),
    samples,
    steps: listOf(plan.steps)
      .filter(isJsonObject)
      .map((step) => partOf(step.solver, step.params, shown)),
    scorers: listOf(spec.scorers)
      .filter(isJsonObject)
      .map((scorer) => partOf(scorer.name, scorer.options, shown)),
    epochs: isCount(config.epochs) ? config.epochs : 1,
    model: typeof spec.model === 'string' && !isNoModel(spec.model) ? spec.model : null,
    config: withoutNulls({ ...objectOf(spec.model_generate_config), ...objectOf(plan.config) }),
    place: shown,
  };
}

/** Of the epochs of a sample the first. */
function uniqueSamples(
  told: readonly { readonly sample: Json; readonly place: string }[],
  notes: Notes,
): readonly InspectSample[] {
  const found = new Map<string, InspectSample>();
  for (const { sample: value, place } of told) {
    if (!isJsonObject(value)) continue;
    const sample = withAttachments(value);
    const id = idOf(sample.id);
    const key = id ?? JSON.stringify(sample.input);
    if (found.has(key)) continue;
    const input = inputOf(sample.input);
    if (input === null) {
      notes.left.push({
        place,
        what: 'sample',
        why: 'its input has parts that are no text: { type: image, file: ... } in a scenario of your own',
      });
      continue;
    }
    const choices = listOf(sample.choices).filter((one) => typeof one === 'string');
    found.set(key, {
      id,
      input,
      targets: targetsOf(sample.target),
      choices,
      metadata: metadataOf(sample),
      place,
    });
  }
  return [...found.values()];
}

/** What an export of ours says of a record is nothing that was asked. */
function metadataOf(sample: JsonObject): JsonObject {
  const metadata = objectOf(sample.metadata);
  return typeof metadata.key === 'string' && typeof metadata.standing === 'string'
    ? {}
    : withoutNulls(metadata);
}

/** Long texts stand once in a sample, under their digest. */
function withAttachments(sample: JsonObject): JsonObject {
  const texts = objectOf(sample.attachments);
  const filled = (value: Json | undefined): Json => {
    if (typeof value === 'string') {
      const held = /^attachment:\/\/([0-9a-f]+)$/.exec(value)?.[1];
      const text = held === undefined ? undefined : texts[held];
      return typeof text === 'string' ? text : value;
    }
    if (Array.isArray(value)) return (value as readonly Json[]).map(filled);
    return isJsonObject(value)
      ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one)]))
      : (value ?? null);
  };
  return {
    ...sample,
    input: filled(sample.input),
    target: filled(sample.target),
    metadata: filled(sample.metadata),
  };
}

function partOf(name: Json | undefined, options: Json | undefined, shown: string): InspectPart {
  return {
    name: String(name ?? '').replace(/^.*\//, ''),
    options: withoutNulls(objectOf(options)),
    unread: [],
    place: shown,
  };
}

function withoutNulls(map: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== null));
}
