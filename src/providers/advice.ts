// What to do about a refusal, in one clause behind the server's own words. Pure.
import type { Meaning } from './openai-failure.ts';
import type { ServerError } from './server-error.ts';

/** "" where the server's words are all that there is to say. */
export function adviceOn(
  { says, kind }: Meaning,
  input: { readonly error: ServerError; readonly apiKeyEnv: string | null; readonly resetsIn: string | null },
): string {
  const { error, apiKeyEnv, resetsIn } = input;
  const { status } = error;
  switch (says) {
    case 'key':
      return apiKeyEnv === null ? 'this endpoint wants a key: api_key_env' : `check ${apiKeyEnv}`;
    case 'place':
      return 'it is not the key: this provider refuses the place that the request comes from';
    case 'model':
      return 'check the name of the model, and whether this account may use it';
    case 'day':
      return `a limit that lasts; ${resetsIn === null ? 'run again when it is over' : `it is over ${resetsIn}: run again then`}`;
    case 'quota': {
      // OpenRouter names how many tokens are left.
      const isOfLength = /can only afford/i.test(error.message);
      const what = isOfLength ? 'so long an answer: lower max_output_tokens,' : 'it:';
      return `the account${apiKeyEnv === null ? '' : ` of ${apiKeyEnv}`} cannot pay for ${what} top it up or raise its limit, then run again`;
    }
    case 'context':
      return 'shorten what is sent, or lower max_output_tokens';
    case 'too-large':
      return 'one request is larger than the limit of a minute: shorten it, lower max_output_tokens, or have the limit raised';
    default:
      break;
  }
  if (kind === 'invalid-response') return '';
  if (status === 403)
    return 'not said to be the key: a permission, a filter or a firewall may refuse this request alone';
  if (status === 404) return 'check base_url and the name of the model';
  if (status === 405) return 'check base_url';
  return '';
}
