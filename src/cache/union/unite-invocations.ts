// Folders of invocations, of draws or of scores: lines first, and behind them what says how it ended.
import path from 'node:path';
import { compareNames } from '../../core/invocation-id.ts';
import { blobProblem } from '../disk/blobs.ts';
import type { BlobRef } from '../disk/bodies.ts';
import { readBytes } from '../disk/disk-read.ts';
import { makeFolder, moveFile, removeAll, replaceFile } from '../disk/durable.ts';
import { PARTS } from '../disk/layout.ts';
import { UNITING } from '../disk/leftovers.ts';
import { isInvocationId, isLineFile, kindOf, shown, theirNames } from './theirs.ts';
import { uniteNamed } from './unite-blobs.ts';
import { type CameLine, lookFirst, uniteFile } from './unite-file.ts';
import type { Uniting } from './united.ts';

const ENDED = 'invocation.json';

export type UniteInvocations = {
  readonly at: Uniting;
  /** Why the key of a line cannot be its own; null = it can. */
  readonly wrongKey: (data: Record<string, unknown>) => string | null;
  /** Whether anything of an invocation was here before it began to come. */
  readonly isKnown: (id: string) => boolean;
};

export function uniteInvocations(input: UniteInvocations): void {
  const { at } = input;
  const ids = theirNames(at, at.theirs.history, { kind: 'folder', isOurs: isInvocationId });
  const lines: CameLine[] = [];
  for (const id of ids.toSorted(compareNames)) {
    const isNew = !input.isKnown(id);
    const folder = path.join(at.theirs.history, id);
    // A run there may end meanwhile: what it says of itself now is no newer than the lines that are read behind it.
    const end = endIn(folder);
    const isOurs = (name: string): boolean => name === ENDED || isLineFile(name);
    const names = theirNames(at, folder, { kind: 'file', isOurs });
    if (names.length === 0) continue;
    if (isNew) at.came.invocations.add(id);
    const unite = (to: Uniting): void => uniteOne({ ...input, at: to }, { id, names, end, lines });
    if (at.dry || kindOf(path.join(at.ours.history, id)) !== null) unite(at);
    else takeWhole(at, { id, unite });
  }
  tellMissing(at, lines);
}

function endIn(folder: string): Buffer | null {
  const file = path.join(folder, ENDED);
  return kindOf(file) === 'file' ? readBytes(file) : null;
}

/** One that is not here comes whole or not at all: nobody sees half of it, whatever happens meanwhile. */
function takeWhole(
  at: Uniting,
  { id, unite }: { readonly id: string; readonly unite: (to: Uniting) => void },
): void {
  const beside = path.join(at.ours.root, UNITING);
  at.check();
  removeAll(beside);
  unite({ ...at, ours: { ...at.ours, history: beside } });
  const made = path.join(beside, id);
  // It may be gone there meanwhile.
  if (kindOf(made) !== null) moveFile(made, path.join(at.ours.history, id));
  removeAll(beside);
}

function uniteOne(
  input: UniteInvocations,
  {
    id,
    names,
    end,
    lines,
  }: {
    readonly id: string;
    readonly names: readonly string[];
    readonly end: Buffer | null;
    readonly lines: CameLine[];
  },
): void {
  const { at } = input;
  const came = (line: CameLine): void => {
    for (const { sha256 } of line.refs) uniteNamed(at, sha256);
    lines.push(line);
  };
  // Parts before the records that name them.
  const files = names.filter((name) => name !== ENDED).sort((a, b) => partsFirst(a) - partsFirst(b));
  // A record that is written there meanwhile names parts that are written meanwhile, too: how far each file goes is looked up from behind.
  const seen = new Map(files.toReversed().map((name) => [name, lookFirst(at, `${id}/${name}`)]));
  for (const name of files) uniteFile({ ...input, name: `${id}/${name}`, came, seen: seen.get(name)! });
  if (names.includes(ENDED)) uniteEnd(at, id, end);
  else if (kindOf(path.join(at.ours.history, id, ENDED)) === null)
    at.came.damaged.push({ what: `${shown(at, at.theirs.history)}/${id}`, why: `has no ${ENDED}` });
}

function partsFirst(name: string): number {
  return name === PARTS ? 0 : 1;
}

/** The one that ended says more than the one that goes on; of two that ended the larger text, so that all agree. */
function uniteEnd(at: Uniting, id: string, end: Buffer | null): void {
  const source = path.join(at.theirs.history, id, ENDED);
  const target = path.join(at.ours.history, id, ENDED);
  // One that was not there yet had only begun.
  const [own, other] = [readBytes(target), end ?? readBytes(source)];
  if (other === null || own?.equals(other)) return;
  const rank = rankOf(other, id);
  if (rank === UNREADABLE)
    at.came.damaged.push({ what: shown(at, source), why: 'does not say how the invocation ended' });
  if (
    own !== null &&
    (rankOf(own, id) > rank || (rankOf(own, id) === rank && Buffer.compare(own, other) > 0))
  )
    return;
  if (at.dry) return;
  at.check();
  makeFolder(path.dirname(target));
  replaceFile(target, [other]);
}

const UNREADABLE = 0;

function rankOf(bytes: Buffer, id: string): number {
  try {
    const { type, invocation, how } = JSON.parse(bytes.toString()) as Record<string, unknown>;
    if (type !== 'invocation' || invocation !== id) return UNREADABLE;
    return how === 'running' ? 1 : 2;
  } catch {
    return UNREADABLE;
  }
}

/** Where blobs that lines name are in neither store: their records are damaged, here as there. */
function tellMissing(at: Uniting, lines: readonly CameLine[]): void {
  // In a dry run they would have come: they are looked for at both places.
  const isThere = (ref: BlobRef): boolean =>
    blobProblem(at.ours, ref) === null || (at.dry && blobProblem(at.theirs, ref) === null);
  for (const { what, refs } of lines)
    for (const ref of refs)
      if (!isThere(ref))
        at.came.damaged.push({ what, why: `its blob ${ref.sha256} is whole in neither store` });
}

/** What of an invocation is here. */
export function knownIn(history: string): (id: string) => boolean {
  return (id) => kindOf(path.join(history, id)) !== null;
}
