import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { unite } from '../../src/cache/union/unite.ts';
import { sha256 } from '../../src/core/canonical.ts';
import type { United } from '../../src/core/united.ts';
import { keyOfRecord } from '../../src/project/select/plan-experiment.ts';
import { linkOf, verdictText } from '../../src/review/chain.ts';
import { dealReview } from '../rig/blind-review.ts';
import { editFile, filesBelow } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';

const NOTHING = {
  ...{ invocations: [], records: 0, scores: 0, blobs: 0, archives: [], reviews: [] },
  ...{ leftOut: [], conflicts: [], damaged: [] },
};

const REVIEW = 'reviews/r001';

function storeIn(folder: string, name: string): string {
  const root = path.join(folder, name);
  mkdirSync(path.join(root, 'history'), { recursive: true });
  return root;
}

/** A store with a review, and a copy of it. */
function two(): readonly [string, string] {
  const folder = tempFolder();
  const root = storeIn(folder, 'mine');
  dealReview(root);
  const other = path.join(folder, 'other');
  cpSync(root, other, { recursive: true });
  return [root, other];
}

/** The reader's next verdict. */
function say(root: string, reviewer: string, label: string): void {
  const file = path.join(root, REVIEW, 'verdicts', `${reviewer}.jsonl`);
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // It is the first one.
  }
  const lines = text.split('\n').slice(0, -1);
  const last = lines.at(-1);
  const prev =
    last === undefined ? sha256(readFileSync(path.join(root, REVIEW, 'deck.jsonl'))) : linkOf(last);
  const verdict = verdictText({
    ...({
      type: 'verdict',
      v: 1,
      review: 'r001',
      card: 'c001',
      look: 1,
      answer: sha256('an answer'),
    } as const),
    ...{
      rubric: 'r',
      labels: { tool_selection: label, naturalness: label },
      note: null,
      flags: [],
      tells: false,
    },
    ...{ guess: null, reviewer, at: '2026-11-02T09:00:00.000Z', took_ms: 1, revision: lines.length + 1 },
    ...{ prev, n: lines.length + 1 },
  } as never);
  writeFileSync(file, `${text}${verdict}\n`);
}

function joins(root: string, reviewer: string): void {
  editProtocol(root, (protocol) => ({ ...protocol, readers: [...(protocol.readers as string[]), reviewer] }));
}

function looks(root: string, user: string, at: string): void {
  const breach = { at, user, kind: 'unblind', what: 'expgraph compare --unblind', reason: null };
  editProtocol(root, (protocol) => ({ ...protocol, breaches: [...(protocol.breaches as object[]), breach] }));
}

function editProtocol(root: string, edit: (protocol: Record<string, unknown>) => object): void {
  editFile(
    path.join(root, REVIEW, 'protocol.json'),
    (text) => `${JSON.stringify(edit(JSON.parse(text)), null, 2)}\n`,
  );
}

function close(root: string): void {
  const folder = path.join(root, REVIEW);
  const names = filesBelow(folder).filter((name) => !/lock\.db|closed\.json/.test(name));
  const hashes = Object.fromEntries(
    names.map((name) => [name, sha256(readFileSync(path.join(folder, name)))]),
  );
  writeFileSync(
    path.join(folder, 'closed.json'),
    `${JSON.stringify({ v: 1, review: 'r001', hashes }, null, 2)}\n`,
  );
}

function merge(root: string, from: string): United {
  return unite({ root, from, keyOf: keyOfRecord });
}

function bytes(root: string): Record<string, string> {
  const names = filesBelow(path.join(root, REVIEW)).filter((name) => !name.startsWith('lock.db'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(path.join(root, REVIEW, name), 'utf8')]));
}

describe('a review', () => {
  it('that is not here comes whole, its key closed to others', () => {
    const folder = tempFolder();
    const other = storeIn(folder, 'other');
    dealReview(other);
    say(other, 'ann', 'good');
    const root = storeIn(folder, 'mine');
    expect(merge(root, other)).toEqual({ ...NOTHING, reviews: ['r001'] });
    expect(bytes(root)).toEqual(bytes(other));
    expect(statSync(path.join(root, REVIEW, 'key.sealed.json')).mode & 0o777).toBe(0o600);
    expect(merge(root, other)).toEqual(NOTHING);
  });

  it('that both go on reading has the verdicts, readers and looks of both, in either order', () => {
    const [root, other] = two();
    joins(root, 'ann');
    say(root, 'ann', 'good');
    looks(root, 'ann', '2026-11-02T10:00:00.000Z');
    cpSync(root, other, { recursive: true });
    say(root, 'ann', 'poor');
    looks(root, 'ann', '2026-11-03T10:00:00.000Z');
    joins(other, 'bea');
    say(other, 'bea', 'good');
    looks(other, 'bea', '2026-11-02T12:00:00.000Z');
    const back = path.join(path.dirname(root), 'back');
    cpSync(other, back, { recursive: true });
    expect(merge(root, other)).toEqual({ ...NOTHING, reviews: ['r001'] });
    expect(merge(back, root)).toEqual({ ...NOTHING, reviews: ['r001'] });
    expect(bytes(root)).toEqual(bytes(back));
    const protocol = JSON.parse(bytes(root)['protocol.json']!);
    expect(protocol.readers).toEqual(['ann', 'bea']);
    expect(protocol.breaches.map(({ user }: { readonly user: string }) => user)).toEqual([
      'ann',
      'bea',
      'ann',
    ]);
    expect(bytes(root)['verdicts/ann.jsonl']!.split('\n')).toHaveLength(3);
    expect(merge(root, back)).toEqual(NOTHING);
  });

  it('does not take the half of a line', () => {
    const [root, other] = two();
    say(other, 'ann', 'good');
    const whole = readFileSync(path.join(other, REVIEW, 'verdicts/ann.jsonl'), 'utf8');
    writeFileSync(path.join(other, REVIEW, 'verdicts/ann.jsonl'), `${whole}{"type":"verd`);
    merge(root, other);
    expect(bytes(root)['verdicts/ann.jsonl']).toBe(whole);
  });

  it('that was closed there is closed here', () => {
    const [root, other] = two();
    say(root, 'ann', 'good');
    cpSync(root, other, { recursive: true });
    say(other, 'ann', 'poor');
    close(other);
    expect(merge(root, other)).toEqual({ ...NOTHING, reviews: ['r001'] });
    expect(bytes(root)).toEqual(bytes(other));
  });

  it.each<readonly [string, (root: string, other: string) => void, string]>([
    [
      'another deck',
      (_root, other) => editFile(path.join(other, REVIEW, 'deck.jsonl'), (text) => `${text}\n`),
      'is another deck',
    ],
    [
      'another key',
      (_root, other) => editFile(path.join(other, REVIEW, 'key.sealed.json'), (text) => `${text} `),
      'has another key',
    ],
    [
      'two readers of one name',
      (root, other) => {
        say(root, 'ann', 'good');
        say(other, 'ann', 'poor');
      },
      'says in verdicts/ann.jsonl something else',
    ],
    [
      'two first readers',
      (root, other) => {
        joins(root, 'ann');
        joins(other, 'bea');
      },
      'says in protocol.json something else than the review of this name that is here (readers began there in another order: npx expgraph review import takes the files in its verdicts/)',
    ],
    [
      'what was closed and went on',
      (root, other) => {
        say(root, 'ann', 'good');
        close(other);
      },
      'was closed at one place and went on at another',
    ],
  ])('with %s is left out and named, and ours stays', (_, change, words) => {
    const [root, other] = two();
    change(root, other);
    const before = bytes(root);
    const united = merge(root, other);
    expect({ ...united, conflicts: [] }).toEqual(NOTHING);
    expect(united.conflicts).toEqual([{ what: REVIEW, why: expect.stringContaining(words), kept: null }]);
    expect(bytes(root)).toEqual(before);
  });

  it('with a changed verdict says so', () => {
    const [root, other] = two();
    say(other, 'ann', 'good');
    editFile(path.join(other, REVIEW, 'verdicts/ann.jsonl'), (text) => text.replace('"good"', '"poor"'));
    const [damaged] = merge(root, other).damaged;
    const why = 'line 1 its checksum does not fit: it is taken as it is';
    expect(damaged).toEqual({ what: `${REVIEW}/verdicts/ann.jsonl`, why });
  });
});
