// The types of src/core/review.ts are written by hand, for people; schema/review.schema.json is what files are held against.
import { expect, it } from 'vitest';
import type * as Kept from '../../src/core/generated/review.ts';
import type * as Ours from '../../src/core/review.ts';

/** Without `readonly`, lists of a least length as lists: what the generated types know more of is not what is compared. */
type Plain<T> = T extends readonly (infer Item)[]
  ? Plain<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Plain<T[Name]> }
    : T;
/** Both ways: neither has a member, or a word, that the other lacks. */
type Same<A, B> = [Plain<A>] extends [Plain<B>] ? ([Plain<B>] extends [Plain<A>] ? true : false) : false;

it('the types of reviews are what the schema says', () => {
  const head: Same<Ours.DeckHead, Kept.DeckHead> = true;
  const card: Same<Omit<Ours.DeckCard, 'input' | 'answers'>, Omit<Kept.DeckCard, 'input' | 'answers'>> = true;
  const answer: Same<keyof Ours.CardAnswer, keyof Kept.CardAnswer> = true;
  const verdict: Same<Ours.VerdictLine, Kept.VerdictLine> = true;
  const key: Same<Ours.SealedKey, Kept.SealedKey> = true;
  const protocol: Same<Ours.ProtocolFile, Kept.ProtocolFile> = true;
  const closed: Same<Ours.ClosedReview, Kept.ClosedReview> = true;
  expect([head, card, answer, verdict, key, protocol, closed]).not.toContain(false);
});
