// Blind reviews of another store. A deck is dealt once; what readers say is only ever appended, and each line names the one before:
// so of two states of a reader's file one is the beginning of the other, or they are of two readers with one name. What is closed is
// hashed as a whole, and takes nothing in any more.
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { sha256 } from '../../core/canonical.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { whileLocked } from '../disk/brief-lock.ts';
import { readBytes, readFolder } from '../disk/disk-read.ts';
import { makeFolder, moveFile, removeAll, replaceFile } from '../disk/durable.ts';
import { checkSeal } from '../disk/lines.ts';
import { isLineFile, isReviewId, kindOf, leaveOut, shown, theirNames } from './theirs.ts';
import type { Uniting } from './united.ts';

const DECK = 'deck.jsonl';
const KEY = 'key.sealed.json';
const PROTOCOL = 'protocol.json';
/** Two places where readers began in another order deal their cards otherwise: the review goes on at one of them. */
const TAKE_VERDICTS =
  ' (readers began there in another order: npx expgraph review import takes the files in its verdicts/)';
const CLOSED = 'closed.json';
const VERDICTS = 'verdicts';
/** Whose answers are read stays with whoever began to ask. */
const KEY_MODE = 0o600;

/** Its files by name, a character a byte: what is hurt stays as it is. */
type Review = ReadonlyMap<string, string>;

export function uniteReviews(at: Uniting): void {
  const from = reviewsOf(at.theirs.root);
  const beside = ['lock.db'];
  for (const id of theirNames(at, from, { kind: 'folder', isOurs: isReviewId, beside })) {
    const theirs = read(at, path.join(from, id), 'theirs');
    if (!theirs.has(DECK)) continue;
    const ours = path.join(reviewsOf(at.ours.root), id);
    if (kindOf(ours) === null) takeNew(at, { id, review: theirs });
    else if (at.dry) grow(at, { id, theirs });
    else
      whileLocked(path.join(reviewsOf(at.ours.root), 'lock.db'), () =>
        whileLocked(path.join(ours, 'lock.db'), () => grow(at, { id, theirs })),
      );
  }
}

function reviewsOf(root: string): string {
  return path.join(root, 'reviews');
}

function read(at: Uniting, folder: string, whose: 'ours' | 'theirs'): Review {
  const files = new Map<string, string>();
  for (const name of [DECK, KEY, PROTOCOL, CLOSED]) {
    const place = path.join(folder, name);
    const kind = kindOf(place);
    if (kind === 'file') files.set(name, bytesIn(place));
    else if (kind !== null) leaveOut(at, place, 'is no plain file');
  }
  const verdicts = path.join(folder, VERDICTS);
  const names =
    whose === 'theirs'
      ? theirNames(at, verdicts, { kind: 'file', isOurs: isLineFile })
      : readFolder(verdicts).filter(isLineFile).sort();
  for (const name of names) {
    const text = bytesIn(path.join(verdicts, name));
    // A write that a crash cut short was shown to nobody as saved.
    files.set(`${VERDICTS}/${name}`, text.slice(0, text.lastIndexOf('\n') + 1));
  }
  return files;
}

function bytesIn(file: string): string {
  return readBytes(file)?.toString('latin1') ?? '';
}

function takeNew(at: Uniting, { id, review }: { readonly id: string; readonly review: Review }): void {
  lookAt(at, { id, review, isNew: () => true });
  at.came.reviews.push(id);
  if (at.dry) return;
  at.check();
  const folder = reviewsOf(at.ours.root);
  // Beside its place first: a crash leaves all of it or nothing (fsck --repair clears the rest away).
  const beside = path.join(folder, `.new-${id}`);
  makeFolder(folder);
  removeAll(beside);
  makeFolder(path.join(beside, VERDICTS));
  write(beside, review, [...review.keys()]);
  moveFile(beside, path.join(folder, id));
}

/** Behind the locks of those who read and of those who look. */
function grow(at: Uniting, { id, theirs }: { readonly id: string; readonly theirs: Review }): void {
  const folder = path.join(reviewsOf(at.ours.root), id);
  const ours = read(at, folder, 'ours');
  const joined = joinReviews(ours, theirs);
  if (typeof joined === 'string') {
    const what = shown(at, path.join(reviewsOf(at.theirs.root), id));
    at.came.conflicts.push({ what, why: joined, kept: null });
    return;
  }
  const changed = [...joined.keys()].filter((name) => joined.get(name) !== ours.get(name));
  if (changed.length === 0) return;
  lookAt(at, { id, review: theirs, isNew: (name) => changed.includes(name) });
  at.came.reviews.push(id);
  if (at.dry) return;
  at.check();
  makeFolder(path.join(folder, VERDICTS));
  write(folder, joined, changed);
}

/** From `closed.json` on it is closed: it comes last, behind all that it has the hashes of. */
function write(folder: string, review: Review, names: readonly string[]): void {
  const last = (name: string): number => [DECK, CLOSED].indexOf(name) + 1;
  for (const name of names.toSorted((a, b) => last(a) - last(b))) {
    const file = path.join(folder, ...name.split('/'));
    replaceFile(file, [Buffer.from(review.get(name)!, 'latin1')]);
    if (name === KEY && process.platform !== 'win32') chmodSync(file, KEY_MODE);
  }
}

function lookAt(
  at: Uniting,
  input: { readonly id: string; readonly review: Review; readonly isNew: (name: string) => boolean },
): void {
  for (const [name, text] of input.review) {
    if (!name.startsWith(`${VERDICTS}/`) || !input.isNew(name)) continue;
    const lines = text.split('\n').slice(0, -1);
    lines.forEach((line, i) => {
      const sealed = checkSeal(Buffer.from(line, 'latin1'));
      if (sealed.kind === 'whole') return;
      const what = `reviews/${input.id}/${name}`;
      at.came.damaged.push({ what, why: `line ${i + 1} ${sealed.why}: it is taken as it is` });
    });
  }
}

/** @returns why they are not two states of one review */
export function joinReviews(ours: Review, theirs: Review): Review | string {
  if (ours.get(DECK) !== theirs.get(DECK)) return 'is another deck than the one of this name that is here';
  if (differ(ours.get(KEY), theirs.get(KEY)))
    return 'has another key than the review of this name that is here';
  const joined = new Map([...ours, ...theirs]);
  for (const name of new Set([...ours.keys(), ...theirs.keys()])) {
    const [own, other] = [ours.get(name), theirs.get(name)];
    if (own === undefined || other === undefined || own === other) continue;
    const both =
      name === PROTOCOL
        ? joinProtocols(own, other)
        : own.startsWith(other)
          ? own
          : other.startsWith(own)
            ? other
            : null;
    if (both === null)
      return `says in ${name} something else than the review of this name that is here${name === PROTOCOL && !ours.has(CLOSED) && isOtherOrder(own, other) ? TAKE_VERDICTS : ''}`;
    joined.set(name, both);
  }
  const closed = joined.get(CLOSED);
  if (closed !== undefined && !isAsHashed(closed, joined))
    return 'was closed at one place and went on at another: what was closed takes nothing in';
  return joined;
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

function isAsHashed(closed: string, review: Review): boolean {
  const hashes = parsed(closed)?.hashes;
  if (!isJsonObject(hashes as Json)) return false;
  return [...review].every(
    ([name, text]) => name === CLOSED || sha256(Buffer.from(text, 'latin1')) === (hashes as JsonObject)[name],
  );
}

/** Equal but for who reads (the one list begins as the other) and who looked (all of them). */
function joinProtocols(own: string, other: string): string | null {
  const [a, b] = [parsed(own), parsed(other)];
  if (a === null || b === null) return null;
  const without = ({ breaches: _b, readers: _r, ...rest }: JsonObject): string => JSON.stringify(rest);
  if (without(a) !== without(b)) return null;
  const readers = longerOf(listOf(a.readers), listOf(b.readers));
  if (readers === null) return null;
  const seen = [...listOf(a.breaches), ...listOf(b.breaches)].map((one) => JSON.stringify(one));
  const breaches = [...new Set(seen)].sort((x, y) => (x < y ? -1 : 1)).map((one) => JSON.parse(one) as Json);
  const text = `${JSON.stringify({ ...a, readers: [...readers], breaches }, null, 2)}\n`;
  return Buffer.from(text).toString('latin1');
}

function isOtherOrder(own: string, other: string): boolean {
  return longerOf(listOf(parsed(own)?.readers), listOf(parsed(other)?.readers)) === null;
}

function longerOf(a: readonly Json[], b: readonly Json[]): readonly Json[] | null {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  const isBeginning = shorter.every((one, i) => JSON.stringify(one) === JSON.stringify(longer[i]));
  return isBeginning ? longer : null;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? value : [];
}

function parsed(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'latin1').toString());
    return isJsonObject(value as Json) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}
