// POST /v1/messages/count_tokens: what a request would be charged for, without asking anybody.
import { parseObject } from '../../core/json-text.ts';
import { err } from '../../core/result.ts';
import { MESSAGES } from '../wire/wire-anthropic.ts';
import { badRequest } from '../wire/wire-error.ts';
import { promptTokens } from '../wire/wire-fields.ts';
import { type DeskRoom, jsonAnswer } from './desk-answer.ts';

/** Such a request has no limit of its own; more than any budget of thinking. */
const NO_LIMIT = { max_tokens: 1_000_000 };

export const countTokens: DeskRoom = ({ method, headers, body }) => {
  if (method !== 'POST') return null;
  const asked = parseObject(body.toString());
  if (asked === null) return err(badRequest('The body of the request is not a JSON object.'));
  const read = MESSAGES.read({ ...asked, ...NO_LIMIT }, headers);
  return read.kind === 'err' ? read : jsonAnswer({ input_tokens: promptTokens(read.value.prompt) });
};
