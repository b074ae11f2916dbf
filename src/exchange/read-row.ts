// One object of a file -> a result, by what it says that it is: a record of ours, a line of promptfoo or of a batch, a
// transcript, a traced run; else by usual names.
import { listOf, objectOf, textOf, timeOf } from '../answers/values.ts';
import { isJsonObject, type Json, type JsonObject } from '../core/json.ts';
import { err, type Result } from '../core/result.ts';
import type { Imported, Mapping } from './imported.ts';
import { readFields } from './read-line.ts';

type Read = Result<Imported, readonly string[]>;

/** @param about what a line of metadata or the file's name says of it */
export function readRow(row: Json, input: { readonly mapping: Mapping; readonly about: JsonObject }): Read {
  if (!isJsonObject(row)) return err(['is no JSON object']);
  const { mapping, about } = input;
  if (isBatchLine(row)) return readFields(batchFields(row), mapping, about);
  if (isTranscript(row)) {
    const { trial, ...rest } = row;
    // tau-bench counts its trials from 0, and calls what it was told `info`.
    return readFields({ ...rest, run: (trial as number) + mapping.runsFrom }, mapping, about);
  }
  if (isTestCase(row)) return readFields(testCaseFields(row), mapping, about);
  if (isTracedRun(row)) return readFields(tracedFields(row, mapping), mapping, about);
  return readFields(row, mapping, about);
}

/** What OpenAI's batches give back: {custom_id, response: {status_code, body}, error}. */
export function isBatchLine(row: JsonObject): boolean {
  return typeof row.custom_id === 'string' && ('response' in row || 'error' in row || 'result' in row);
}

/** What they are given: {custom_id, method, url, body}. */
export function isBatchRequest(row: Json): boolean {
  return isJsonObject(row) && typeof row.custom_id === 'string' && isJsonObject(row.body) && 'url' in row;
}

function batchFields(row: JsonObject): JsonObject {
  const response = objectOf(row.response);
  // Anthropic's: {custom_id, result: {type: succeeded, message}}.
  const result = objectOf(row.result);
  const request = objectOf(row.request);
  const body = 'result' in row ? result.message : response.body;
  const status = typeof response.status_code === 'number' ? response.status_code : 200;
  const told =
    row.error ?? result.error ?? (status >= 400 ? (objectOf(body).error ?? `status ${status}`) : null);
  const failed =
    told ?? (body === undefined || body === null ? (textOf(result.type) ?? 'no response') : null);
  return {
    ...batchName(row.custom_id as string),
    ...(request.model === undefined ? {} : { model: request.model }),
    ...(request.temperature === undefined ? {} : { temperature: request.temperature }),
    ...(request.seed === undefined ? {} : { seed: request.seed }),
    ...(Array.isArray(request.messages) ? { prompt: request.messages } : {}),
    ...(failed === null ? { response: body ?? null, ...createdIn(body) } : { error: errorWords(failed) }),
  };
}

function createdIn(body: Json | undefined): JsonObject {
  const at = timeOf(objectOf(body).created ?? null);
  return at === null ? {} : { started_at: at };
}

function errorWords(value: Json): string {
  const { message, code } = objectOf(value);
  return (
    textOf(value) ??
    textOf(message) ??
    textOf(objectOf(objectOf(value).error).message) ??
    textOf(code) ??
    'error'
  );
}

/** `applike/book-a/2`, `applike/book-a`: as cells are called here; any other id is a scenario. */
function batchName(id: string): JsonObject {
  const [, variant, scenario, run] = /^([^/]+)\/(.+?)(?:\/(\d{1,6}))?$/.exec(id) ?? [];
  if (variant === undefined || scenario === undefined) return { scenario: id };
  return { variant, scenario, ...(run === undefined ? {} : { run: Number(run) }) };
}

function isTranscript(row: JsonObject): boolean {
  return (
    (Array.isArray(row.traj) || Array.isArray(row.trajectory)) &&
    row.task_id !== undefined &&
    Number.isSafeInteger(row.trial)
  );
}

/** Of deepeval's test runs: {name, input, actualOutput, toolsCalled, metricsData}. */
export function isTestCase(row: JsonObject): boolean {
  return 'actualOutput' in row || 'actual_output' in row;
}

function testCaseFields(row: JsonObject): JsonObject {
  const calls = listOf(row.toolsCalled ?? row.tools_called).map((call) =>
    isJsonObject(call)
      ? { name: call.name ?? null, arguments: call.inputParameters ?? call.input_parameters ?? {} }
      : call,
  );
  const metrics = row.metricsData ?? row.metrics_data;
  return {
    ...row,
    text: row.actualOutput ?? row.actual_output ?? null,
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
    ...(typeof row.completionTime === 'number' ? { latency_s: row.completionTime } : {}),
    ...(typeof row.runDuration === 'number' ? { latency_s: row.runDuration } : {}),
    ...(typeof row.tokenCost === 'number' ? { cost_usd: row.tokenCost } : {}),
    // How long the metrics took, and what they cost, is not the answer's.
    ...(metrics === undefined ? {} : { properties: { deepeval: metrics }, metrics: null }),
  };
}

/** Of LangSmith: a run with its inputs and outputs. */
function isTracedRun(row: JsonObject): boolean {
  return isJsonObject(row.inputs) && ('outputs' in row || 'error' in row);
}

function tracedFields(row: JsonObject, mapping: Mapping): JsonObject {
  const [inputs, outputs] = [objectOf(row.inputs), objectOf(row.outputs)];
  const metadata = { ...objectOf(row.metadata), ...objectOf(objectOf(row.extra).metadata) };
  const example = row.reference_example_id ?? row.example_id ?? metadata.reference_example_id;
  const [only] = Object.values(outputs);
  const single = Object.keys(outputs).length === 1 ? only : undefined;
  const [asked] = Object.values(inputs);
  const begin = timeOf(row.start_time ?? null);
  const end = timeOf(row.end_time ?? null);
  const { id: _id, name: _name, inputs: _i, outputs: _o, session_name: session, ...rest } = row;
  const of = (value: Json | undefined, name: string): JsonObject =>
    value === undefined ? {} : { [name]: value };
  return {
    ...of(metadata.variant ?? session ?? metadata.ls_experiment ?? row.experiment, 'variant'),
    ...of(
      metadata.scenario ?? metadata.scenario_id ?? inputs.scenario ?? inputs.scenario_id ?? example,
      'scenario',
    ),
    ...of(metadata.run ?? metadata.repetition, 'run'),
    ...of(metadata.ls_model_name, 'model'),
    ...of(metadata.ls_temperature, 'temperature'),
    ...(Array.isArray(inputs.messages)
      ? { prompt: inputs.messages }
      : of(inputs.input ?? inputs.question ?? asked, 'prompt')),
    ...outputs,
    ...(typeof single === 'string' ? { text: single } : {}),
    ...rest,
    ...(begin === null ? {} : { started_at: begin }),
    ...(begin === null || end === null
      ? {}
      : { latency_ms: Math.max(0, Date.parse(end) - Date.parse(begin)) }),
    // Their names as they are, for a mapping.
    ...(Object.keys(mapping.fields).length > 0
      ? { inputs, outputs, id: row.id ?? null, name: row.name ?? null }
      : {}),
  };
}
