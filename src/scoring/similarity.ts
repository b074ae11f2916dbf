// Two vectors of one model -> a verdict: how near what they stand for is. Pure.
// Cosine similarity: https://en.wikipedia.org/wiki/Cosine_similarity
import { err, ok, type Result } from '../core/result.ts';
import type { Verdict } from '../core/scoring.ts';

/** Of an answer that needs no vectors: without text it is near to nothing, and a text is itself. null = it needs them. */
export function nearnessOf(
  { text, reference }: { readonly text: string; readonly reference: string },
  passAt: number,
): Verdict | null {
  if (text.trim() === '') return verdictOf(0, { passAt, reason: 'the answer has no text' });
  return text === reference ? verdictOf(1, { passAt, reason: 'the answer is the reference' }) : null;
}

/**
 * @param vectors of the answer and of the reference, in this order, as a server sent them
 * @returns err: what is wrong with them
 */
export function similarityOf(
  vectors: readonly (readonly number[])[],
  { passAt }: { readonly passAt: number },
): Result<Verdict, string> {
  const [answer, reference, ...more] = vectors;
  if (!answer || !reference || more.length > 0) return err(`${vectors.length} vectors came for 2 texts`);
  if (answer.length === 0 || reference.length === 0) return err('a vector came without numbers');
  if (answer.length !== reference.length)
    return err(`vectors of ${answer.length} and ${reference.length} numbers cannot be compared`);
  const [own, other] = [lengthOf(answer), lengthOf(reference)];
  if (own === null || other === null) return err('a vector came with something else than numbers');
  if (own === 0 || other === 0) return err('a vector came that is nothing but zeros');
  let product = 0;
  // Each by its own length first: a product of large numbers would be no number.
  for (let i = 0; i < answer.length; i++) product += (answer[i]! / own) * (reference[i]! / other);
  // Six digits: the last ones of a server's sums differ from call to call.
  const cosine = Math.round(Math.min(1, Math.max(-1, product)) * 1e6) / 1e6;
  const reason = `cosine ${cosine} to the reference`;
  return ok({
    ...verdictOf(Math.max(0, cosine), { passAt, reason }),
    details: { cosine, dimensions: answer.length },
  });
}

/** Euclidean; null = it has no length. */
function lengthOf(vector: readonly number[]): number | null {
  if (!vector.every((value) => typeof value === 'number' && Number.isFinite(value))) return null;
  const length = Math.hypot(...chunked(vector));
  return Number.isFinite(length) ? length : null;
}

/** A call takes only so many arguments. */
function chunked(vector: readonly number[]): readonly number[] {
  const lengths: number[] = [];
  for (let i = 0; i < vector.length; i += 1_000) lengths.push(Math.hypot(...vector.slice(i, i + 1_000)));
  return lengths;
}

function verdictOf(
  score: number,
  { passAt, reason }: { readonly passAt: number; readonly reason: string },
): Verdict {
  return { score, passed: score >= passAt, label: null, reason };
}
