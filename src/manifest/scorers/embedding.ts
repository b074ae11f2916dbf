// `embedding:` of a scorer -> a scorer by vectors with nothing left to look up.
import type { Embedding as RawEmbedding } from '../../core/generated/experiment.ts';
import type { JsonObject } from '../../core/json.ts';
import { entryOf } from '../../core/providers/table.ts';
import type { EmbeddingScorer } from '../../core/scoring.ts';
import type { JsonPath } from '../errors/place.ts';
import { say } from '../reading.ts';
import { readAccount } from './asked-account.ts';
import type { JudgeReading } from './judges.ts';

export type EmbeddingSettings = Omit<EmbeddingScorer, 'name' | 'slug' | 'scope' | 'passAt'>;

/** `own`: where its settings stand. null: it has no model, which was told. */
export function readEmbedding(
  { reading, accounts }: Pick<JudgeReading, 'reading' | 'accounts'>,
  { raw, own }: { readonly raw: Partial<NonNullable<RawEmbedding>>; readonly own: JsonPath },
): EmbeddingSettings | null {
  const account = readAccount(reading, { accounts, written: raw.provider, own, who: 'embedding' });
  const params = (raw.params ?? {}) as JsonObject;
  for (const name of Object.keys(params)) {
    if (!OURS.has(name)) continue;
    const message = `"${name}" is written by expgraph`;
    const hint = name === 'input' ? null : `write "${name}:" beside "params"`;
    say(reading, { path: [...own, 'params', name], part: 'key', code: 'reserved-param', message, hint });
  }
  if (account === null) return null;
  const { type, name: provider } = account.provider;
  // The experiment's own model answers; vectors are made by another.
  const model =
    raw.model ?? (entryOf(type).answeredBy === 'simulation' ? entryOf(type).defaults.model : null);
  if (model === null) {
    const hint = 'for example: embedding: { model: text-embedding-3-small }';
    say(reading, { path: own, part: 'key', code: 'no-model', message: 'the embedding has no model', hint });
    return null;
  }
  const { dimensions = null, reference = null } = raw;
  return { kind: 'embedding', provider, model, dimensions, params, reference };
}

const OURS: ReadonlySet<string> = new Set(['model', 'input', 'dimensions']);
