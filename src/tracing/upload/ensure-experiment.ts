// A dataset with its examples, and an experiment over it, made or brought up to date. Doing it twice changes nothing.
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import { platformPath } from '../endpoint.ts';
import { jsonBody, partsBody } from '../spans/wire.ts';
import { type Dataset, DIGEST, type Example, type Experiment } from './experiment.ts';
import type { Link } from './link.ts';
import type { Call } from './service.ts';

type Failed = { readonly kind: 'impossible' | 'stopped' };
type Say = (problem: string) => void;
type Asking = { readonly link: Link; readonly say: Say };

/** A request takes 20 MB; this many scenarios are far below. */
const EXAMPLES_A_REQUEST = 100;
/** What the list gives at once. */
const PAGE = 100;

export async function ensureDataset(
  input: Asking & { readonly dataset: Dataset },
): Promise<Failed | { readonly kind: 'ready'; readonly id: string }> {
  const { dataset } = input;
  const body = { id: dataset.id, name: dataset.name, description: dataset.description, data_type: 'kv' };
  const made = await input.link.call({ method: 'POST', path: '/datasets', body: jsonBody(body) });
  if (made === null) return { kind: 'stopped' };
  let id = dataset.id;
  if (made.kind === 'duplicate') {
    // Somebody made it by hand, or this is not the first time.
    const named = await value(input, `dataset ${dataset.name}`, {
      method: 'GET',
      path: `/datasets?name=${encodeURIComponent(dataset.name)}`,
    });
    if (named.kind !== 'ready') return named;
    const first = Array.isArray(named.body) ? named.body[0] : null;
    if (isJsonObject(first) && typeof first.id === 'string') id = first.id;
  } else if (made.kind !== 'ok') {
    return impossible(input.say, `dataset ${dataset.name}`, made.why);
  }
  const written = await ensureExamples({ ...input, id });
  return written.kind === 'ready' ? { kind: 'ready', id } : written;
}

async function ensureExamples(
  input: Asking & { readonly dataset: Dataset; readonly id: string },
): Promise<Failed | { readonly kind: 'ready' }> {
  const there = new Map<string, unknown>();
  for (let offset = 0; ; offset += PAGE) {
    const path = `/examples?dataset=${input.id}&limit=${PAGE}&offset=${offset}`;
    const page = await value(input, `examples of ${input.dataset.name}`, { method: 'GET', path });
    if (page.kind !== 'ready') return page;
    const examples = Array.isArray(page.body) ? page.body.filter(isJsonObject) : [];
    for (const { id, metadata } of examples) {
      there.set(String(id), isJsonObject(metadata) ? metadata[DIGEST] : undefined);
    }
    if (examples.length < PAGE) break;
  }
  const { examples } = input.dataset;
  const missing = examples.filter(({ id }) => !there.has(id));
  const changed = examples.filter(({ id, metadata }) => there.has(id) && there.get(id) !== metadata[DIGEST]);
  for (const { method, list } of [
    { method: 'POST', list: missing },
    { method: 'PATCH', list: changed },
  ] as const) {
    for (let from = 0; from < list.length; from += EXAMPLES_A_REQUEST) {
      const some = list.slice(from, from + EXAMPLES_A_REQUEST);
      const written = await writeExamples({ ...input, method }, some);
      if (written.kind !== 'ready') return written;
    }
  }
  return { kind: 'ready' };
}

/** What is too much for one request goes in two; an example that is too large alone is told by its digest. */
async function writeExamples(
  input: Asking & { readonly dataset: Dataset; readonly id: string; readonly method: 'POST' | 'PATCH' },
  examples: readonly Example[],
): Promise<Failed | { readonly kind: 'ready' }> {
  const written = await input.link.call({
    method: input.method,
    path: platformPath(input.link.apiUrl, `datasets/${input.id}/examples`),
    body: partsBody(examples.flatMap(exampleParts)),
  });
  if (written === null) return { kind: 'stopped' };
  // Taken meanwhile by another program with the same ids: that is what was wanted.
  if (written.kind === 'duplicate' || written.kind === 'ok') return { kind: 'ready' };
  const [only] = examples;
  if (written.kind !== 'too-large' || (examples.length === 1 && isBare(only!)))
    return impossible(input.say, `examples of ${input.dataset.name}`, written.why);
  if (examples.length === 1) return writeExamples(input, [bare(only!)]);
  const middle = Math.ceil(examples.length / 2);
  const first = await writeExamples(input, examples.slice(0, middle));
  return first.kind === 'ready' ? writeExamples(input, examples.slice(middle)) : first;
}

const LEFT_OUT = { expgraph_note: 'left out: LangSmith took no more; the scenario file holds it' };

function bare(example: Example): Example {
  return { ...example, inputs: LEFT_OUT, outputs: null };
}

function isBare({ inputs }: Example): boolean {
  return inputs === LEFT_OUT;
}

function exampleParts({
  id,
  inputs,
  outputs,
  metadata,
  split,
}: Example): readonly (readonly [string, unknown])[] {
  return [
    [id, { metadata, split }],
    [`${id}.inputs`, inputs],
    ...(outputs === null ? [] : [[`${id}.outputs`, outputs] as const]),
  ];
}

export async function ensureExperiment(
  input: Asking & { readonly experiment: Experiment; readonly datasetId: string },
): Promise<Failed | { readonly kind: 'ready'; readonly session: JsonObject }> {
  const { experiment } = input;
  const metadata = { ...experiment.metadata, num_repetitions: experiment.repetitions };
  const facts = {
    num_examples: experiment.examples,
    num_repetitions: experiment.repetitions,
    extra: { metadata },
  };
  const what = `experiment ${experiment.name}`;
  const made = await value(input, what, {
    method: 'POST',
    path: '/sessions?upsert=true',
    body: jsonBody({
      id: experiment.id,
      name: experiment.name,
      reference_dataset_id: input.datasetId,
      ...facts,
    }),
  });
  if (made.kind !== 'ready') return made;
  if (!isJsonObject(made.body) || made.body.id !== experiment.id) {
    return impossible(input.say, what, 'another project has that name; rename it in LangSmith');
  }
  return { kind: 'ready', session: made.body };
}

/** What an answer says, or why there is none. */
async function value(
  input: Asking,
  what: string,
  call: Call,
): Promise<Failed | { readonly kind: 'ready'; readonly body: unknown }> {
  const answer = await input.link.call(call);
  if (answer === null) return { kind: 'stopped' };
  if (answer.kind === 'ok') return { kind: 'ready', body: answer.body };
  return impossible(input.say, what, answer.kind === 'duplicate' ? '409: the name is taken' : answer.why);
}

function impossible(say: Say, what: string, why: string): { readonly kind: 'impossible' } {
  say(`LangSmith does not take the ${what}: ${why}`);
  return { kind: 'impossible' };
}
