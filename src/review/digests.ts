// What is sealed by a digest before anybody reads: the rubric, the whole protocol, the answers that are judged.
import { digestOf } from '../core/canonical.ts';
import type { ReviewProtocol, SealedKey } from '../core/review.ts';

/** What a verdict means: it stands in each, and verdicts of two rubrics are never mixed. */
export function rubricDigest({ dimensions, labels, pass, mode }: ReviewProtocol): string {
  return digestOf({ dimensions, labels, pass, mode });
}

export function protocolDigest(protocol: ReviewProtocol): string {
  return digestOf(protocol);
}

/** Over key, generation and answer of every cell in the deck: whatever the names of arms, these draws were judged. */
export function recordsDigest(cards: SealedKey['cards']): string {
  const draws = new Set<string>();
  for (const { answer, cells } of Object.values(cards).flat())
    for (const { key, generation } of cells) draws.add(`${key}@${generation} ${answer}`);
  return digestOf([...draws].sort());
}
