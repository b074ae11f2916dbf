// A streamed answer of a package as the whole one that it would have been. Pure but for the waiting.
import type {
  AnswerContent,
  GenerateResult,
  ModelUsage,
  ProviderOptions,
  StreamPart,
} from '../core/language-model.ts';

/** @throws what the package tells as an error of the stream */
export async function joinParts(stream: ReadableStream<StreamPart>): Promise<GenerateResult> {
  const content: AnswerContent[] = [];
  /** Texts and thoughts under way, by kind and id. */
  const open = new Map<string, Piece>();
  let ended: Pick<GenerateResult, 'finishReason' | 'usage' | 'providerMetadata'> = {
    finishReason: { unified: 'other', raw: undefined },
    usage: NO_USAGE,
  };
  let response: GenerateResult['response'] = {};
  let warnings: GenerateResult['warnings'] = [];
  for await (const part of stream as unknown as AsyncIterable<StreamPart>) {
    switch (part.type) {
      case 'stream-start':
        warnings = part.warnings;
        break;
      case 'response-metadata': {
        const { type: _, ...metadata } = part;
        response = { ...response, ...metadata };
        break;
      }
      case 'text-start':
      case 'reasoning-start': {
        const kind = part.type === 'text-start' ? 'text' : 'reasoning';
        const piece: Piece = { type: kind, text: '', ...metadataOf(part) };
        open.set(`${kind} ${part.id}`, piece);
        content.push(piece);
        break;
      }
      case 'text-delta':
      case 'reasoning-delta':
      case 'text-end':
      case 'reasoning-end': {
        const [kind] = part.type.split('-');
        const piece = open.get(`${kind} ${part.id}`);
        if (piece === undefined) break;
        if ('delta' in part) piece.text += part.delta;
        // A signature comes with an empty piece, or with the end.
        if (part.providerMetadata !== undefined)
          piece.providerMetadata = mergedMetadata(piece.providerMetadata, part.providerMetadata);
        break;
      }
      case 'custom':
        // Of the stream, and not of the answer: who began it.
        if (!part.kind.endsWith('.message_start')) content.push(part);
        break;
      case 'tool-call':
      case 'tool-result':
      case 'tool-approval-request':
      case 'file':
      case 'reasoning-file':
      case 'source':
        content.push(part);
        break;
      case 'finish': {
        const { type: _, ...finish } = part;
        ended = finish;
        break;
      }
      case 'error':
        throw part.error;
      // A call comes whole behind its pieces.
      default:
        break;
    }
  }
  return { content, ...ended, response, warnings };
}

type Piece = { type: 'text' | 'reasoning'; text: string; providerMetadata?: ProviderOptions };

function metadataOf({ providerMetadata }: { readonly providerMetadata?: ProviderOptions }): {
  providerMetadata?: ProviderOptions;
} {
  return providerMetadata === undefined ? {} : { providerMetadata };
}

function mergedMetadata(before: ProviderOptions | undefined, news: ProviderOptions): ProviderOptions {
  const all: ProviderOptions = { ...before };
  for (const [vendor, facts] of Object.entries(news)) all[vendor] = { ...all[vendor], ...facts };
  return all;
}

const NO_USAGE: ModelUsage = {
  inputTokens: { total: undefined, noCache: undefined, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: undefined, text: undefined, reasoning: undefined },
};
