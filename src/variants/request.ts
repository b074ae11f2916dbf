// Variant x scenario x run -> the order of one attempt. Pure: what is asked is decided here, how it is sent is the
// provider's.
import type { Key } from '../core/brand.ts';
import type { Conversation } from '../core/conversation.ts';
import type { Harness, HarnessOrder } from '../core/harness.ts';
import { type Provider, type Scenario, travellingSdk, type Variant } from '../core/manifest.ts';
import type { Endpoint, Order } from '../core/order.ts';
import type { Turn } from '../core/outcome.ts';
import type { TraceOrder } from '../core/trace.ts';
import { renderMessages } from './render.ts';
import { meeting, offeredTools } from './rendered.ts';
import { samplingOf } from './sampling.ts';

export type OrderInput = {
  readonly variant: Variant;
  readonly provider: Provider;
  /** Where it is asked, if it is nowhere that the manifest says: a simulation that was started for this. */
  readonly address?: string | undefined;
  readonly scenario: Scenario;
  readonly run: number;
  readonly key: Key;
  readonly attempt: number;
  readonly timeoutMs: number;
  readonly trace?: TraceOrder | undefined;
  /** Turns of a tool loop that are there already. */
  readonly done?: readonly Turn[];
};

export function makeOrder(input: OrderInput): Order {
  const { provider, scenario, run } = input;
  const variant = meeting(input.variant, scenario);
  return {
    key: input.key,
    cell: { variant: variant.name, scenario: scenario.id, run },
    attempt: input.attempt,
    timeoutMs: provider.settings?.timeoutMs ?? input.timeoutMs,
    endpoint: endpointOf(provider, input.address),
    request: {
      model: variant.model,
      messages: renderMessages({ variant, scenario }),
      tools: offeredTools(variant),
      ...samplingOf(variant, run),
      maxOutputTokens: variant.maxOutputTokens,
      params: variant.params,
      ...(variant.responseFormat === undefined ? {} : { responseFormat: variant.responseFormat }),
    },
    ...(variant === input.variant ? {} : { scenarioTools: variant.tools.map(({ name }) => name) }),
    ...(isConversation(variant) ? { conversation: conversationOf({ ...input, variant }) } : {}),
    ...(variant.harness === null ? {} : { work: workOf(input, variant.harness) }),
    ...(variant.mcp === null ? {} : { mcp: variant.mcp }),
    ...(input.trace === undefined ? {} : { trace: input.trace }),
  };
}

/** What a worker has to know of an account. @param address of a simulation that was started for this */
export function endpointOf(provider: Provider, address?: string): Endpoint {
  const { type, apiKeyEnv, api, settings, echo, sdk } = provider;
  const { baseUrl, headers } = provider.written ?? provider;
  return {
    type,
    baseUrl: address ?? baseUrl,
    apiKeyEnv,
    api,
    headers,
    ...(settings === undefined ? {} : { settings }),
    ...(sdk === undefined ? {} : { sdk: travellingSdk(sdk) }),
    ...(echo === undefined ? {} : { echo }),
  };
}

/** Own code without a `run` of its own converses, whatever the number of turns: that is known when it is loaded. */
function isConversation({ maxTurns, harness }: Variant): boolean {
  return harness === null ? maxTurns > 1 : harness.kind === 'module';
}

function workOf({ variant, scenario }: OrderInput, harness: Harness): HarnessOrder {
  const { id, input, category, vars, toolResults } = scenario;
  return {
    harness: travelling(harness),
    maxTurns: variant.maxTurns,
    ...(harness.kind === 'pytest' ? { runs: variant.runs } : {}),
    scenario: { id, input, category, vars, toolResults },
  };
}

/** What pytest collects of all cells is no part of one of them. */
function travelling(harness: Harness): Harness {
  return harness.kind === 'pytest' ? { ...harness, survey: null, reach: null } : harness;
}

function conversationOf({ variant, scenario, done = [] }: OrderInput): Conversation {
  const { id, vars, toolResults } = scenario;
  return {
    maxTurns: variant.maxTurns,
    scenario: { id, vars, toolResults },
    canned: variant.tools.flatMap(({ name, result }) => (result === undefined ? [] : [{ name, result }])),
    done,
  };
}
