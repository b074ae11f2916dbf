// The language model that own code is handed: a package's own, but each of its requests is handed to whoever asks the lane, watches
// the deadline and keeps the account.
import { EMPTY_COMPLETION } from '../core/completion.ts';
import { parseObject } from '../core/json-text.ts';
import type { CallOptionsV4, LanguageModel } from '../core/language-model.ts';
import type { Failure } from '../core/outcome.ts';
import { ok, type Result } from '../core/result.ts';
import { openAccount, type SdkAccount, tellUnanswered } from './ai-sdk-client.ts';
import { nothingSeen } from './ai-sdk-fetch.ts';
import { usageIn } from './ai-sdk-read.ts';
import { callOptionsOf } from './ai-sdk-request.ts';
import type { LeanFetch } from './lean-fetch.ts';
import { asBuiltIn, headersOf } from './lean-response.ts';
import { factsIn, tellStatus } from './openai-answer.ts';
import { readServerError } from './openai-error-body.ts';
import type { BoundSettings, ClientAnswer } from './provider.ts';
import { readAnswer, wireOf } from './wires.ts';

export type BoundModel = {
  readonly model: LanguageModel;
  /** What expgraph itself would ask it for this attempt. */
  readonly callOptions: CallOptionsV4;
};

export async function makeBoundModel(settings: BoundSettings): Promise<Result<BoundModel, Failure>> {
  // Made with what sends, which tells its failures in the account's words.
  const account: SdkAccount = openAccount(settings, (input, init) => bound(input, init));
  const bound = makeBoundSend(settings, account);
  const { request } = settings;
  const model = await account.languageModel(request.model);
  if (model.kind === 'err') return model;
  const callOptions = callOptionsOf(request, account.namespaceOf(model.value));
  return ok({ model: model.value, callOptions });
}

function makeBoundSend({ hook, send }: BoundSettings, account: SdkAccount): LeanFetch {
  return async (input, init = {}) => {
    // Tokens and files that a package fetches beside its calls cost nothing.
    if ((init.method ?? 'GET').toUpperCase() !== 'POST') return send(input, init);
    const url = String(input);
    const seen = { ...nothingSeen(), url, headers: init.headers };
    const teller = account.teller(seen);
    let came: Response | null = null;
    let thrown: unknown = null;
    const answer = await hook({
      body: (typeof init.body === 'string' ? parseObject(init.body) : null) ?? {},
      async send(signal) {
        const both = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
        try {
          const response = await send(input, { ...init, signal: both });
          came = response;
          return await tell({ url, response, teller });
        } catch (error) {
          thrown = error;
          return tellUnanswered({ seen, thrown }, { teller, signal: both });
        }
      },
    });
    if (came) return asBuiltIn(came);
    const message = answer.kind === 'failure' ? answer.failure.message : 'the run is given up';
    throw thrown ?? new DOMException(message, 'AbortError');
  };
}

async function tell(of: {
  readonly url: string;
  readonly response: Response;
  readonly teller: ReturnType<SdkAccount['teller']>;
}): Promise<ClientAnswer> {
  const { response, teller } = of;
  const { status } = response;
  const bytes = Buffer.from(await response.bytes());
  const headers = headersOf(response);
  if (status >= 300)
    return tellStatus({ told: readServerError(bytes.toString('utf8'), status), status, headers, teller });
  const wire = wireOf('POST', URL.parse(of.url)?.pathname ?? '');
  if (wire !== null) return readAnswer({ wire, status, headers: response.headers, bytes, teller });
  // An API that nobody here reads: what own code makes of it is its answer, and what it took may be told.
  return {
    kind: 'completion',
    completion: { ...EMPTY_COMPLETION, usage: usageIn(bytes) },
    ...factsIn(headers),
  };
}
