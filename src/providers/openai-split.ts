// The two halves of a call over OpenAI's APIs, for whoever brings them together another way, and any other request to the same
// account.
import { err, ok } from '../core/result.ts';
import { makeLeanResponse } from './lean-response.ts';
import { heldAgainst, withOfferedNames } from './offered-tools.ts';
import { type Teller, tellAbort, tellBody } from './openai-answer.ts';
import type { Dialect } from './openai-dialect.ts';
import { withErrorBody } from './openai-error-body.ts';
import type { EchoMemory } from './openai-mend.ts';
import type { Ways } from './openai-ways.ts';
import type { ClientAnswer, SplitClient } from './provider.ts';

/** Of one account, made where the SDK is known. */
export type OpenAiParts = {
  readonly dialect: Dialect;
  readonly echo: EchoMemory;
  readonly ways: Ways;
  readonly teller: Teller;
  readonly tellRefusal: (response: Response, teller: Teller) => ClientAnswer;
  readonly tellThrown: (error: unknown, teller: Teller) => ClientAnswer;
  /** Rejects as what sends does. */
  readonly ask: (input: Lower<Parameters<SplitClient['ask']>[0]>) => Promise<Response>;
};

/** The SDK writes methods in small letters. */
type Lower<Input extends { readonly method: string }> = Omit<Input, 'method'> & {
  readonly method: Lowercase<Input['method']>;
};

export function makeOpenAiSplit(of: OpenAiParts): SplitClient {
  const { dialect, teller } = of;
  return {
    async bodyOf(request) {
      const { echo } = of.echo.of(request.model, []);
      return ok(dialect.write(withOfferedNames(request), { echo, way: of.ways.of(request.model) }));
    },
    async read({ request, status, headers, text }) {
      const body = Buffer.from(text);
      const response = makeLeanResponse({
        status,
        statusText: '',
        headers: withErrorBody(new Headers(headers), text),
        url: '',
        body,
      });
      if (!response.ok) return of.tellRefusal(response, teller);
      const answer = tellBody({ response, bytes: body, read: dialect.read, teller });
      return heldAgainst(request, { answer, teller });
    },
    async ask(input) {
      const method = input.method.toLowerCase() as Lowercase<typeof input.method>;
      try {
        const { status, headers, ...response } = await answerOf(of, { ...input, method });
        return ok({ status, headers, text: response.text });
      } catch (error) {
        const { signal } = input;
        const told = signal.aborted ? tellAbort(signal, teller) : of.tellThrown(error, teller);
        return err(told.kind === 'failure' ? told.failure : NOT_ASKED);
      }
    },
  };
}

async function answerOf(of: OpenAiParts, input: Parameters<OpenAiParts['ask']>[0]) {
  const response = await of.ask(input);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

export const NOT_ASKED = {
  kind: 'cancelled',
  status: null,
  message: 'not asked',
  retryAfterMs: null,
} as const;
