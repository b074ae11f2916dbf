// Files of a review for who can do nothing about their damage but say so.
import { err, ok, type Result } from '../../core/result.ts';
import type { ProtocolFile } from '../../core/review.ts';
import { type Damage, type Deck, type ReviewPaths, readDeck, readProtocol } from './files.ts';

export function readSaid(paths: ReviewPaths): Result<ProtocolFile, string> {
  return inWords(readProtocol(paths));
}

export function readDealt(paths: ReviewPaths): Result<Deck, string> {
  return inWords(readDeck(paths));
}

function inWords<Value>(read: Result<Value, Damage>): Result<Value, string> {
  if (read.kind === 'ok') return ok(read.value);
  return err(`${read.error[0]!.message}: \`npx expgraph fsck\` lists what is damaged`);
}
