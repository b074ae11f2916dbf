// The adapter on the AI SDK's provider packages (specification V4): Claude, Gemini, Mistral, Bedrock, Azure, whoever keeps to it. The
// package writes requests and knows how to say back what a model said; connections, failures, retries and the account are ours.
import { NO_SETTINGS } from '../core/endpoint-settings.ts';
import type { JsonObject } from '../core/json.ts';
import { parseObject } from '../core/json-text.ts';
import { type BoundModel, makeBoundModel } from './ai-sdk-bound.ts';
import { type Exchanged, exchange, generate, openAccount, tellExchanged } from './ai-sdk-client.ts';
import { embedBy } from './ai-sdk-embed.ts';
import { warmSdk } from './ai-sdk-load.ts';
import { wholeAnswer } from './ai-sdk-replay.ts';
import { makeSdkSplit, probeAccount } from './ai-sdk-split.ts';
import { withIds } from './call-ids.ts';
import { type LeanFetch, makeLeanFetch } from './lean-fetch.ts';
import { withJoinedErrors } from './openai-error-body.ts';
import type { Adapter, AdapterSettings, ClientSettings, ModelClient } from './provider.ts';

/** No model's answer comes near it; without a limit one server could take the memory of all. */
const MAX_BODY_BYTES = 64 * 1024 * 1024;

export const aiSdkAdapter: Adapter<BoundModel> = {
  makeClient,
  warm: warmSdk,
  probe: (settings, signal) => probeAccount(settings, { send: sendOf(settings), signal }),
  makeBoundSdk: makeBoundModel,
  makeSend,
  makeSplit: async (settings) => makeSdkSplit(settings, sendOf(settings)),
  embed: (settings, request, options) => embedBy(openAccount(settings, sendOf(settings)), request, options),
};

function makeClient(settings: AdapterSettings): ModelClient {
  const account = openAccount(settings, sendOf(settings));
  const isStream = settings.endpoint.settings?.stream === 'always';
  return {
    nameCalls: ({ toolCalls }, earlier) => withIds(toolCalls, earlier),
    toolMessage,
    async complete(request, { signal }) {
      const model = await account.languageModel(request.model);
      if (model.kind === 'err')
        return { kind: 'failure', failure: model.error, requestId: null, limits: null };
      const done = await exchange(() => generate(model.value, { account, request, signal, isStream }));
      watch(settings, done);
      const play = isStream ? await wholeAnswer(done.seen.response) : null;
      const told =
        play === null
          ? done
          : await exchange(() => generate(model.value, { account, request, signal, isStream: false }), play);
      return tellExchanged(told, { account, request, signal });
    },
  };
}

function watch({ watch: tell }: AdapterSettings, { seen }: Exchanged<unknown>): void {
  if (tell === undefined || seen.response === null || seen.response.status >= 300) return;
  tell({ body: parseObject(seen.body ?? '') ?? {}, response: seen.response });
}

/** In the specification's form of a prompt. */
function toolMessage(result: {
  readonly id: string | null;
  readonly name: string;
  readonly text: string;
}): JsonObject {
  const output = { type: 'text', value: result.text };
  const part = { type: 'tool-result', toolCallId: result.id ?? '', toolName: result.name, output };
  return { role: 'tool', content: [part] };
}

function sendOf(settings: AdapterSettings): LeanFetch {
  return settings.send ?? makeSend(settings);
}

/** One for all attempts of a worker. @throws where the CA file cannot be read */
function makeSend({ env, room, endpoint }: Pick<ClientSettings, 'env' | 'room' | 'endpoint'>): LeanFetch {
  const { proxy, caFile } = endpoint.settings ?? NO_SETTINGS;
  return withJoinedErrors(makeLeanFetch({ env, maxBodyBytes: MAX_BODY_BYTES, room, proxy, caFile }));
}
