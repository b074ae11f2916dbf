// A blind review as its files say it, dealt from what a folder's experiment holds: for tests of whatever looks at reviews.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../src/core/canonical.ts';
import type {
  Breach,
  ClosedReview,
  DeckCard,
  DeckHead,
  ProtocolFile,
  ReviewProtocol,
  SealedKey,
} from '../../src/core/review.ts';
import { keyText } from '../../src/project/review/write-files.ts';
import { protocolDigest, recordsDigest, rubricDigest } from '../../src/review/digests.ts';

export const PROTOCOL: ReviewProtocol = {
  dimensions: [
    { name: 'tool_selection', question: 'Are these the right tools?' },
    { name: 'naturalness', question: 'Does it sound like a person?' },
  ],
  labels: [
    { name: 'good', value: 3, anchor: 'Nothing to change.' },
    { name: 'acceptable', value: 2, anchor: 'Small flaws.' },
    { name: 'poor', value: 1, anchor: 'Not to be shown.' },
  ],
  pass: 'no poor',
  reviewers: 2,
  overlap: 1,
  mode: 'single',
  mask: ['variant', 'run', 'tokens', 'latency'],
  order: 'by-scenario',
  repeats: 0,
};

export type DealtReview = {
  readonly folder: string;
  breaches(): readonly Breach[];
  /** As `review close` ends it. */
  close(closed: Partial<ClosedReview>): void;
};

/** @param root artifacts/<experiment> */
export function dealReview(
  root: string,
  { id = 'r001', protocol = PROTOCOL }: { readonly id?: string; readonly protocol?: ReviewProtocol } = {},
): DealtReview {
  const folder = path.join(root, 'reviews', id);
  mkdirSync(path.join(folder, 'verdicts'), { recursive: true });
  const experiment = path.basename(root);
  const rubric = rubricDigest(protocol);
  const cells = [{ variant: 'one', run: 1, key: sha256('a draw'), generation: 1 }];
  const sealed: SealedKey = {
    ...{ v: 1, review: id, nonce: sha256(id), tools: {} },
    cards: { c001: [{ answer: sha256('an answer'), cells }] },
  };
  const key = keyText(sealed);
  const head: DeckHead = {
    ...{ type: 'deck', v: 1, review: id, experiment, protocol: protocolDigest(protocol), rubric },
    ...{ key_sha256: sha256(key), mode: protocol.mode, cards: 1, created_at: '2026-11-01T09:00:00.000Z' },
  };
  const card: DeckCard = {
    ...{ type: 'card', v: 1, part: 'all', card: 'c001', scenario: 'one', category: null, description: null },
    input: [{ role: 'user', content: 'A question' }],
    answers: [{ answer: sha256('an answer'), text: 'An answer', toolCalls: [], turns: [], tools: [] }],
  };
  writeFileSync(path.join(folder, 'deck.jsonl'), `${JSON.stringify(head)}\n${JSON.stringify(card)}\n`);
  writeFileSync(path.join(folder, 'key.sealed.json'), key, { mode: 0o600 });
  const kept: ProtocolFile = {
    ...{ v: 1, review: id, experiment, protocol, protocol_digest: head.protocol, rubric_digest: rubric },
    ...{ seed: 7, records_digest: recordsDigest(sealed.cards), argv: [] },
    ...{ arms: {}, readers: [] },
    ...{ started_at: head.created_at, started_by: 'anna', leak: { auc: null, tells: [] }, breaches: [] },
  };
  const protocolFile = path.join(folder, 'protocol.json');
  writeFileSync(protocolFile, `${JSON.stringify(kept, null, 2)}\n`);
  return {
    folder,
    breaches: () => (JSON.parse(readFileSync(protocolFile, 'utf8')) as ProtocolFile).breaches,
    close(closed) {
      const whole: ClosedReview = {
        ...{ v: 1, review: id, closed_at: '2026-11-02T09:00:00.000Z', closed_by: 'anna', hashes: {} },
        ...{ rubric, scores: [], preferences: [], blinding: [] },
        ...closed,
      };
      writeFileSync(path.join(folder, 'closed.json'), `${JSON.stringify(whole)}\n`);
    },
  };
}
