// A blind review as its files say it, dealt from what a folder's experiment holds: for tests of whatever looks at reviews.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Breach, ClosedReview, DeckHead, ProtocolFile, ReviewProtocol } from '../../src/core/review.ts';
import { rubricDigest } from '../../src/review/digests.ts';

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
  const head: DeckHead = {
    ...{ type: 'deck', v: 1, review: id, experiment, protocol: digestOf(protocol), rubric },
    ...{ key_sha256: digestOf(id), mode: protocol.mode, cards: 0, created_at: '2026-11-01T09:00:00.000Z' },
  };
  writeFileSync(path.join(folder, 'deck.jsonl'), `${JSON.stringify(head)}\n`);
  const kept: ProtocolFile = {
    ...{ v: 1, review: id, experiment, protocol, protocol_digest: head.protocol, rubric_digest: rubric },
    ...{ seed: 7, records_digest: digestOf('records'), argv: [] },
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

function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
