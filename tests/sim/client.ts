// A started simulation and the official client that talks to it.
import OpenAI from 'openai';
import type { SimSettings } from '../../src/core/manifest.ts';
import { DEFAULT_SIM_SETTINGS } from '../../src/core/sim-settings.ts';
import { type Sim, type SimOptions, startSim } from '../../src/sim/server/sim.ts';
import { SAMPLE, TOOLS } from './sample.ts';

/** Without latency and faults, except for what is given. */
export function quick(settings: Partial<SimSettings> = {}): SimSettings {
  return { ...DEFAULT_SIM_SETTINGS, latencyMs: 0, ...settings };
}

export async function started(options: Partial<SimOptions> = {}): Promise<Sim & { readonly client: OpenAI }> {
  const sim = await startSim({ settings: quick(), ...options });
  return { ...sim, client: clientOf(sim.url) };
}

export function clientOf(baseURL: string, apiKey = 'not-needed'): OpenAI {
  return new OpenAI({ baseURL, apiKey, maxRetries: 0 });
}

export const DENTIST = 'Put a dentist appointment on my calendar for tomorrow at 3pm.';
export const PLANTS = 'I keep forgetting to water the plants.';

export function chatRequest(input: string): OpenAI.ChatCompletionCreateParamsNonStreaming {
  return {
    model: 'sim-small',
    temperature: 0,
    messages: [
      { role: 'system', content: SAMPLE.system },
      { role: 'user', content: `[2026-02-15 10:00 UTC]\n${input}` },
    ],
    tools: TOOLS.applike!.map((tool) => ({ type: 'function', function: tool as OpenAI.FunctionDefinition })),
  };
}

export function responsesRequest(input: string): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  return {
    model: 'sim-small',
    temperature: 0,
    instructions: SAMPLE.system,
    input: [{ role: 'user', content: `[2026-02-15 10:00 UTC]\n${input}` }],
    tools: TOOLS.applike!.map(
      (tool) => ({ type: 'function', strict: false, ...tool }) as OpenAI.Responses.FunctionTool,
    ),
  };
}

/** What a call was rejected with. */
export function failureOf(call: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(
    call.then(
      () => 'no failure',
      (cause: unknown) => cause,
    ),
  );
}

/** One call without an SDK: what came over the wire. */
export async function asked(
  sim: { readonly url: string },
  request: object,
  path: 'chat/completions' | 'responses' = 'chat/completions',
): Promise<{
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Uint8Array;
  readonly text: string;
}> {
  const response = await fetch(`${sim.url}/${path}`, { method: 'POST', body: JSON.stringify(request) });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return {
    status: response.status,
    headers: response.headers,
    bytes,
    text: new TextDecoder().decode(bytes),
  };
}
