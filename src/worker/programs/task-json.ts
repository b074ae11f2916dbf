// What a program is told of its task: one JSON object, the same for both protocols.
import type { HarnessOrder } from '../../core/harness.ts';
import type { JsonObject } from '../../core/json.ts';
import type { Order } from '../../core/order.ts';
import { entryOf } from '../../core/providers/table.ts';
import { routeUrls } from '../../core/proxy.ts';
import { writtenFormat } from '../../core/response-format.ts';
import type { ScoreOrder } from '../../core/score-order.ts';

/** Version of this form. */
const VERSION = 1;

export function taskJson(order: Order, { scenario, maxTurns, proxy }: HarnessOrder): JsonObject {
  const { request, endpoint, cell, score } = order;
  if (score) return scoreJson(order, score);
  const { baseUrl, api, apiKeyEnv } = endpoint;
  return {
    v: VERSION,
    variant: cell.variant,
    scenario: {
      id: scenario.id,
      input: scenario.input as JsonObject[string] & {},
      category: scenario.category,
      vars: scenario.vars,
      tool_results: scenario.toolResults,
    },
    run: cell.run,
    attempt: order.attempt,
    messages: request.messages as unknown as JsonObject[],
    model: request.model,
    temperature: request.temperature,
    max_output_tokens: request.maxOutputTokens,
    seed: request.seed,
    params: request.params,
    tools: request.tools.map(({ name, description, parameters, strict }) => ({
      name,
      description,
      parameters,
      ...(strict === null ? {} : { strict }),
    })),
    ...(request.responseFormat === undefined
      ? {}
      : { response_format: writtenFormat(request.responseFormat) }),
    max_turns: maxTurns,
    timeout_ms: order.timeoutMs,
    // The key itself is passed by name (pass_env): it is written nowhere.
    provider:
      entryOf(endpoint.type).answeredBy === 'nobody'
        ? null
        : { base_url: proxy?.provider ?? withoutSlash(baseUrl), api, api_key_env: apiKeyEnv },
    // By the variable that a client would have read: for programs that do several tasks at a time.
    ...(proxy === undefined ? {} : { proxy: routeUrls(proxy) }),
  };
}

/** With a closing slash or without, it is one address, and one key. */
function withoutSlash(url: string | null): string | null {
  return url === null ? null : url.replace(/\/+$/, '');
}

/** What a scorer is told. Not whose answer it is: equal answers are judged once. */
function scoreJson(order: Order, { scorer, output, scenario, options = {} }: ScoreOrder): JsonObject {
  return {
    v: VERSION,
    scorer,
    scenario: scenario as unknown as JsonObject,
    output: output as unknown as JsonObject,
    options,
    attempt: order.attempt,
    timeout_ms: order.timeoutMs,
  };
}
