// POST /v1/embeddings: texts read, vectors written. https://platform.openai.com/docs/api-reference/embeddings
import { parseObject } from '../../core/json-text.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { JSON_TYPE } from '../wire/api.ts';
import { badRequest, contextExceeded, type WireError } from '../wire/wire-error.ts';
import { type Body, tokensOf } from '../wire/wire-fields.ts';
import { guarded, type Played, type PlayOptions } from './play.ts';
import { vectorOf } from './vectors.ts';

const MAX_TEXTS = 2048;
const MAX_DIMENSIONS = 4096;
/** As many as the small and the large model of OpenAI have. */
const [SMALL, LARGE] = [1536, 3072];

export function playEmbeddings(
  body: string,
  { contextTokens, id, servedModel }: PlayOptions,
): Result<Played, WireError> {
  return guarded(() => {
    const parsed = parseObject(body);
    if (parsed === null) return err(badRequest('The body of the request is not a JSON object.'));
    const read = readEmbeddings(parsed);
    if (read.kind === 'err') return read;
    const { model, texts, dimensions, isBase64 } = read.value;
    const counts = texts.map((text) => Math.max(1, tokensOf(text.length)));
    const longest = Math.max(...counts);
    if (contextTokens !== null && longest > contextTokens)
      return err(contextExceeded(longest, contextTokens));
    const inputTokens = counts.reduce((sum, count) => sum + count, 0);
    const write = (mark: string): string =>
      JSON.stringify({
        object: 'list',
        data: texts.map((text, index) => ({
          object: 'embedding',
          index,
          embedding: written(vectorOf(text, dimensions), isBase64),
        })),
        model: `${servedModel ?? model}${mark}`,
        usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
      });
    return ok({
      inputTokens,
      outputTokens: 0,
      filler: { bytes: 0, hash: id.length },
      contentType: JSON_TYPE,
      write,
    });
  });
}

type Asked = {
  readonly model: string;
  readonly texts: readonly string[];
  readonly dimensions: number;
  readonly isBase64: boolean;
};

function readEmbeddings(body: Body): Result<Asked, WireError> {
  const { model, input, encoding_format: encoding } = body;
  if (typeof model !== 'string' || model === '')
    return err(badRequest('You must provide a model parameter.', { param: 'model' }));
  const texts = textsOf(input);
  if (texts === null || texts.length === 0 || texts.includes(''))
    return err(
      badRequest("'input' has to be a text, or a list of texts, none of them empty.", { param: 'input' }),
    );
  if (texts.length > MAX_TEXTS)
    return err(badRequest(`'input' may have ${MAX_TEXTS} texts at most.`, { param: 'input' }));
  if (encoding != null && encoding !== 'float' && encoding !== 'base64')
    return err(badRequest("encoding_format has to be 'float' or 'base64'.", { param: 'encoding_format' }));
  const dimensions = body.dimensions ?? (model.includes('large') ? LARGE : SMALL);
  const isSize = typeof dimensions === 'number' && Number.isInteger(dimensions);
  if (!isSize || dimensions < 1 || dimensions > MAX_DIMENSIONS)
    return err(
      badRequest(`dimensions has to be an integer from 1 to ${MAX_DIMENSIONS}.`, { param: 'dimensions' }),
    );
  return ok({ model, texts, dimensions, isBase64: encoding === 'base64' });
}

/** Tokens in the place of a text are its words: the same tokens are the same text. */
function textsOf(input: unknown): readonly string[] | null {
  if (typeof input === 'string') return [input];
  if (!Array.isArray(input)) return null;
  if (input.length > 0 && input.every((one) => typeof one === 'number')) return [input.join(' ')];
  const texts = input.map((one) =>
    typeof one === 'string' ? one : Array.isArray(one) ? one.map(String).join(' ') : null,
  );
  return texts.every((text) => text !== null) ? texts : null;
}

/** base64 of 32 bit floats, the least byte first: what the SDKs of OpenAI ask for. */
function written(vector: Float32Array, isBase64: boolean): string | readonly number[] {
  if (!isBase64) return [...vector];
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, at) => {
    bytes.writeFloatLE(value, at * 4);
  });
  return bytes.toString('base64');
}
