// expgraph doctor --call: one paid conversation with each endpoint, a tool and its result included, and what is to be known
// of the endpoint from it. Nothing of it is recorded.

import { sizeOfRequest } from '../../core/call-size.ts';
import type { Lesson } from '../../core/endpoint-settings.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json-text.ts';
import type { Price, Provider } from '../../core/manifest.ts';
import type { ModelRequest } from '../../core/order.ts';
import type { Completion } from '../../core/outcome.ts';
import { priceIn } from '../../core/price.ts';
import { entryOf } from '../../core/providers/table.ts';
import { costOf } from '../../core/usage-cost.ts';
import { makeClients } from '../../providers/index.ts';
import { openEndpoint } from '../../providers/open-endpoint.ts';
import type { ClientAnswer, Exchange, ModelClient } from '../../providers/provider.ts';
import { formatMoney } from '../../text/format.ts';
import { endpointOf } from '../../variants/request.ts';
import { startSims } from '../draw/sims.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

/** What was found out; its members are those of `doctor --call --json`. */
export type CallReport = JsonObject & {
  readonly provider: string;
  readonly model: string;
  readonly ok: boolean;
  /** Of the manifest, to be written. */
  readonly lines: readonly string[];
};

export type CallStep =
  /** Before anything is spent: which model is about to be called, and what it costs at most. */
  | { readonly kind: 'calling'; readonly sentence: string }
  | { readonly kind: 'called'; readonly report: CallReport };

export type CallInput = {
  readonly experiment: Experiment;
  /** Only this one; null = all that variants use. */
  readonly provider: string | null;
  /** null = the first variant's. */
  readonly model: string | null;
};

/** A call is made only when what follows its announcement is asked for. @throws CommandError where there is nothing to call */
export async function* callEndpoints(world: World, input: CallInput): AsyncGenerator<CallStep> {
  const { experiment } = input;
  const targets = targetsOf(input);
  await using sims = await startSims(
    targets.map(({ provider }) => provider),
    world,
  );
  for (const { provider, model } of targets) {
    const request = requestOf(experiment, { provider, model });
    const price = priceIn(provider, model);
    const most = mostUsd(request, price);
    const known = price?.isAssumed ? 'local: $0' : `at most ${formatMoney(most)}`;
    const cost = most === null ? `its cost is not known: there is no pricing for ${model}` : known;
    const sentence = `calling ${model} at ${provider.name}, two short turns with a tool (${cost})`;
    yield { kind: 'calling', sentence };
    const asked = { provider, address: sims.urls.get(provider.name), request, price, experiment };
    yield { kind: 'called', report: { ...(await callOne(world, asked)), most_usd: most } };
  }
}

type Target = { readonly provider: Provider; readonly model: string };

function targetsOf({ experiment, provider: wanted, model: named }: CallInput): readonly Target[] {
  const { manifest } = experiment;
  if (wanted !== null && !Object.hasOwn(manifest.providers, wanted)) {
    throw new CommandError(
      `no provider is called ${wanted}; there are: ${Object.keys(manifest.providers).join(', ')}`,
    );
  }
  const names = wanted === null ? [...new Set(manifest.variants.map((one) => one.provider))] : [wanted];
  const targets = names.flatMap((name): readonly Target[] => {
    const provider = manifest.providers[name]!;
    const model = named ?? manifest.variants.find((one) => one.provider === name)?.model;
    return entryOf(provider.type).answeredBy === 'nobody' || model === undefined ? [] : [{ provider, model }];
  });
  if (targets.length > 0) return targets;
  throw new CommandError('there is no model to call: name one with --provider NAME --model NAME');
}

const TOOL = {
  name: 'look_up_word',
  description: 'Looks up the word of the day.',
  parameters: { type: 'object', properties: { language: { type: 'string' } }, required: ['language'] },
  strict: null,
};
const TOOL_RESULT = '{"word":"ready"}';
/** Enough for a model that thinks before it calls, and little money. */
const MAX_TOKENS = 512;

function requestOf({ manifest }: Experiment, { provider, model }: Target): ModelRequest {
  const variant = manifest.variants.find((one) => one.provider === provider.name);
  return {
    model,
    messages: [
      { role: 'user', content: 'Call look_up_word for language "en", then answer with the word alone.' },
    ],
    tools: [TOOL],
    // Whether a temperature is accepted is one of the questions.
    temperature: variant?.temperature ?? 0.5,
    maxOutputTokens: MAX_TOKENS,
    seed: null,
    params: {},
  };
}

function mostUsd(request: ModelRequest, price: Price | null): number | null {
  if (price === null) return null;
  const { inputTokens } = sizeOfRequest(request);
  // The second turn holds the first one and its answer.
  const input = 2 * inputTokens + MAX_TOKENS;
  return (input * price.input + 2 * MAX_TOKENS * price.output) / 1e6;
}

type Asking = {
  readonly provider: Provider;
  /** Of a simulation that was started for this. */
  readonly address: string | undefined;
  readonly request: ModelRequest;
  readonly price: Price | null;
  readonly experiment: Experiment;
};

async function callOne(io: World, input: Asking): Promise<CallReport> {
  const { provider, price } = input;
  const lessons: Lesson[] = [];
  const exchanges: Exchange[] = [];
  const find = makeClients({
    env: io.env,
    clock: io.clock,
    say: (lesson) => lessons.push(lesson),
    watch: (exchange) => exchanges.push(exchange),
  });
  const endpoint = openEndpoint(endpointOf(provider, input.address), {
    env: io.env,
    folder: input.experiment.manifest.folder,
  });
  const client = endpoint.kind === 'ok' ? await find(endpoint.value) : endpoint;
  if (client.kind === 'err') return failedReport(input, { message: client.error.message, lessons });
  const timeoutMs = provider.settings?.timeoutMs ?? input.experiment.manifest.execution.timeoutMs;
  const ask: Ask = (request, mend = []) =>
    client.value.complete(request, { signal: AbortSignal.timeout(timeoutMs), run: 1, mend });
  let { request } = input;
  let first = await ask(request);
  const isRefused = first.kind === 'failure' && first.failure.message.includes('temperature: null');
  if (isRefused) {
    request = { ...request, temperature: null };
    first = await ask(request);
  }
  // A package may leave it out by itself.
  const isSent = /"temperature"/.test(JSON.stringify(exchanges[0]?.body ?? { temperature: 1 }));
  const temperature = isRefused ? 'refused' : isSent ? 'accepted' : 'left out by the package';
  if (first.kind !== 'completion')
    return failedReport(input, { message: wordsOf(first), lessons, temperature });
  const { completion } = first;
  const second = await secondTurn({ client: client.value, request, completion, ask });
  const usages = [completion.usage, ...(second?.kind === 'completion' ? [second.completion.usage] : [])];
  const costs = usages.map((usage) => costOf(usage, price));
  return {
    provider: provider.name,
    model: request.model,
    ok: second === null || second.kind === 'completion',
    answered_model: completion.servedModel,
    ...(await seenIn(exchanges)),
    temperature,
    tool: completion.toolCalls.length === 0 ? 'not called' : 'called',
    ids: idsOf(completion),
    second_turn:
      second === null
        ? 'not made'
        : second.kind === 'completion'
          ? 'accepted'
          : `refused: ${wordsOf(second)}`,
    usage: completion.usage === null ? 'not told' : 'told',
    cost_usd: costs.some((cost) => cost === null)
      ? null
      : costs.reduce<number>((sum, cost) => sum + cost!, 0),
    lines: linesOf({ provider: provider.name, lessons, temperature, echo: echoOf(second) }),
  };
}

type Ask = (request: ModelRequest, mend?: readonly string[]) => Promise<ClientAnswer>;

/** As in a tool loop. */
const MOST_MENDS = 2;

/** @returns null: no tool was called, so there is no result to say */
async function secondTurn(input: {
  readonly client: ModelClient;
  readonly request: ModelRequest;
  readonly completion: Completion;
  readonly ask: Ask;
}): Promise<ClientAnswer | null> {
  const { messages, toolCalls } = input.completion;
  if (toolCalls.length === 0) return null;
  const calls = input.client.nameCalls({ toolCalls, messages }, []);
  const results = calls.map(({ id, name }) => input.client.toolMessage({ id, name, text: TOOL_RESULT }));
  const request = { ...input.request, since: [...messages, ...results] };
  // As a tool loop does it: a refusal that names what is said back is heeded.
  let answer = await input.ask(request);
  for (let n = 0; n < MOST_MENDS && answer.kind === 'failure' && answer.mend !== undefined; n++)
    answer = await input.ask(request, answer.mend);
  return answer;
}

function idsOf({ toolCalls }: Completion): string {
  if (toolCalls.length === 0) return 'not seen';
  const ids = toolCalls.map(({ id }) => id ?? '');
  if (ids.includes('')) return 'missing';
  return new Set(ids).size === ids.length ? 'told' : 'not unique';
}

const LIMITS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens', 'max_new_tokens'];

/** What only the bytes say: of the last exchange, which is of the way that worked. */
async function seenIn(exchanges: readonly Exchange[]): Promise<JsonObject> {
  const last = exchanges.at(-1);
  if (!last) return {};
  const { body, response } = last;
  const text = Buffer.from(await response.bytes()).toString('utf8');
  const isStream = !text.trimStart().startsWith('{');
  const whole = isStream ? null : parseObject(text);
  const usage = whole?.usage;
  const headers = [...response.headers.keys()];
  return {
    stream: !isStream ? 'plain' : body.stream === true ? 'as a stream, as asked' : 'as a stream, unasked',
    max_tokens_field:
      Object.keys(body).find((name) => LIMITS.includes(name) || /max.*tokens/.test(name)) ?? null,
    cost_told: isStream ? /"cost"\s*:/.test(text) : isJsonObject(usage) && typeof usage.cost === 'number',
    rate_headers: headers.filter((name) => /rate-?limit|retry-after/i.test(name)),
    message_members: membersOf(whole),
  };
}

/** What a message holds beside the usual: some endpoints want it back, some refuse it. */
function membersOf(body: JsonObject | null): readonly string[] {
  const choice = Array.isArray(body?.choices) ? (body.choices as readonly Json[])[0] : undefined;
  const message = isJsonObject(choice) ? choice.message : undefined;
  return isJsonObject(message) ? Object.keys(message).filter((name) => !USUAL.has(name)) : [];
}

const USUAL: ReadonlySet<string> = new Set([
  'role',
  'content',
  'tool_calls',
  'refusal',
  'annotations',
  'function_call',
]);

function linesOf(input: {
  readonly provider: string;
  readonly lessons: readonly Lesson[];
  readonly temperature: string;
  readonly echo?: readonly string[];
}): readonly string[] {
  const { echo = [] } = input;
  const learnt = [...new Set(input.lessons.map(({ line }) => line))];
  return [
    ...learnt.map((line) => `providers.${input.provider}: ${line}`),
    ...(echo.length === 0 ? [] : [`providers.${input.provider}: echo: [${echo.join(', ')}]`]),
    ...(input.temperature === 'refused' ? ['variants with this model: temperature: null'] : []),
  ];
}

/** What had to be said back, or left out, beside the canonical form. */
function echoOf(answer: ClientAnswer | null): readonly string[] {
  return answer?.kind === 'completion' ? (answer.repaired ?? []) : [];
}

function wordsOf(answer: ClientAnswer): string {
  return answer.kind === 'failure' ? answer.failure.message : 'it was given up';
}

function failedReport(
  { provider, request }: Asking,
  input: { readonly message: string; readonly lessons: readonly Lesson[]; readonly temperature?: string },
): CallReport {
  const { message, lessons, temperature = 'not known' } = input;
  return {
    provider: provider.name,
    model: request.model,
    ok: false,
    message,
    lines: linesOf({ provider: provider.name, lessons, temperature }),
  };
}
