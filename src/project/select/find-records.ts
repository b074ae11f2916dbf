// Finds records by what a person types: a cell, a glob, a key or its beginning, an invocation or a date.
import type { RecordRow, StoreReader } from '../../cache/store.ts';
import { countingOf } from '../../core/counting.ts';
import { matchesGlob } from '../../core/glob.ts';
import {
  compareNames,
  compareOrder,
  EVER,
  type InvocationOrder,
  invocationsMeant,
  isSameInvocation,
  NEVER,
  orderKey,
  orderOf,
  shortNames,
} from '../../core/invocation-id.ts';
import { nearest } from '../../core/nearest.ts';
import { readRuns } from '../../core/run-list.ts';
import { baseOf } from '../../core/variant-names.ts';
import { writtenTime } from '../../core/written-time.ts';
import { CommandError } from '../open/command-error.ts';
import { findInvocation, meansInvocation, namesOfInvocations } from './find-invocation.ts';

/**
 * A pattern may mean the scenario, the variant, both, or one cell: `ambiguous:*`, `applike/ambiguous:*`, `a/b/1`; `a/b/1-3` are
 * runs, and `tweet` is every `tweet[...]`.
 */
export function cellMatches(pattern: string, row: Pick<RecordRow, 'variant' | 'scenario' | 'run'>): boolean {
  const { variant, scenario, run } = row;
  const base = baseOf(variant);
  const names = [
    scenario,
    ...(base === null ? [variant] : [variant, base]).flatMap((arm) => [
      arm,
      `${arm}/${scenario}`,
      `${arm}/${scenario}/${run}`,
    ]),
  ];
  if (names.some((name) => matchesGlob(pattern, name))) return true;
  const list = /^(.+\/)(\d{1,4}(?:-\d{1,4})?(?:,\d{1,4}(?:-\d{1,4})?)*)$/s.exec(pattern);
  if (list === null || /^\d+$/.test(list[2]!)) return false;
  const { runs } = readRuns(list[2]!);
  return runs.includes(run) && cellMatches(`${list[1]}${run}`, row);
}

export function cellName(row: Pick<RecordRow, 'variant' | 'scenario' | 'run'>): string {
  return `${row.variant}/${row.scenario}/${row.run}`;
}

const KEY_START = /^[0-9a-f]{4,64}$/;

/**
 * One record: `variant/scenario/run` (globs allowed as long as one cell is meant), a key or its beginning, or one of several of
 * these: `key@generation`, `key@7-k3f9` (what that invocation drew). Of several the one that counts: the newest completed, else the
 * newest. Two machines that drew one key without a word to each other gave both draws one generation.
 * @throws CommandError that names what was found instead.
 */
export function findRecord(store: StoreReader, wanted: string): RecordRow {
  const { text, of } = readName(store, wanted);
  const rows = [...store.everyRecord()];
  const isKey = KEY_START.test(text);
  // As a table shows it, or as the record itself has it: an adopted one has two.
  const byKey = isKey ? rows.filter((row) => row.key.startsWith(text) || row.ownKey.startsWith(text)) : [];
  const found = byKey.length > 0 ? byKey : rows.filter((row) => cellMatches(text, row));
  const groups = new Set(found.map((row) => (byKey.length > 0 ? row.key : cellName(row))));
  if (found.length === 0) {
    throw new CommandError(
      `no record matches ${JSON.stringify(wanted)}; \`npx expgraph history\` lists them`,
    );
  }
  if (groups.size > 1) {
    const some = [...groups].slice(0, 6).join(', ');
    throw new CommandError(
      `${JSON.stringify(wanted)} means ${groups.size} records: ${some}${groups.size > 6 ? ', ...' : ''}`,
    );
  }
  if (of === null) return countingOf(found)!;
  const meant = countingOf(found.filter((row) => isOf(row, of)));
  if (meant !== undefined) return meant;
  if (of.kind === 'invocation')
    throw new CommandError(
      `invocation ${of.name} drew nothing of ${text}; \`npx expgraph history\` lists what did`,
    );
  const there = [...new Set(found.map((row) => row.generation))].join(', ');
  throw new CommandError(`there is no generation ${of.generation} of ${text}: there are ${there}`);
}

/** Which of the records of a key or of a cell. */
type WhichOne =
  | { readonly kind: 'generation'; readonly generation: number }
  | { readonly kind: 'invocation'; readonly name: string };

function isOf(row: RecordRow, of: WhichOne): boolean {
  if (of.kind === 'generation') return row.generation === of.generation;
  return isSameInvocation(row, orderOf(of.name) ?? NEVER);
}

/** Whether one of several records is meant, and not a cell. */
export function namesOneOf(store: StoreReader, wanted: string): boolean {
  return readName(store, wanted).of !== null;
}

/** `...@2` is a generation; `...@2-k3f9` an invocation, where there is one that is called so: scenarios may have such names, too. */
function readName(
  store: StoreReader,
  wanted: string,
): { readonly text: string; readonly of: WhichOne | null } {
  const [, text = wanted, which = ''] = /^(.+)@([0-9A-Za-z-]{1,64})$/s.exec(wanted) ?? [];
  if (/^\d{1,9}$/.test(which)) return { text, of: { kind: 'generation', generation: Number(which) } };
  if (!/^\d+-/.test(which)) return { text: wanted, of: null };
  const names = namesOfInvocations(store);
  if (invocationsMeant(which, names).length === 0) return { text: wanted, of: null };
  return { text, of: { kind: 'invocation', name: findInvocation(names, which) } };
}

/**
 * Records of one key and one generation beside this one, each as `show` takes it: made by machines that did not know of each other.
 */
export function twinsOf(store: StoreReader, row: RecordRow): readonly string[] {
  const twins = [...store.everyRecord()].filter(
    ({ id, key, generation }) => id !== row.id && key === row.key && generation === row.generation,
  );
  if (twins.length === 0) return [];
  const names = namesOfInvocations(store);
  const short = shortNames(names);
  return twins.flatMap((twin) => {
    const name = names.find((one) => isSameInvocation(orderOf(one) ?? NEVER, twin));
    return name === undefined || isSameInvocation(twin, row)
      ? []
      : [`${twin.key.slice(0, 12)}@${withOrigin(name, short)}`];
  });
}

/** A number alone would be read as a generation. */
function withOrigin(name: string, short: (name: string) => string): string {
  const called = short(name);
  return /^\d+$/.test(called) ? name : called;
}

/** A moment of the history: everything up to the end of an invocation. */
export type Moment = { readonly label: string; readonly upTo: InvocationOrder };

/** `3`, `0003`, `0003-20261122T204501Z-k3f9m2q7`, `3-k3f9`, `2026-11-22`, `2026-11-22T12:00`, `now`, `last`, `previous`. */
export function findMoment(store: StoreReader, text: string): Moment {
  const invocations = store.invocations();
  const names = invocations.map(({ invocation }) => invocation);
  if (text === 'now') return { label: 'now', upTo: EVER };
  if (text === 'last' || text === 'previous') return nthLast(store, text);
  if (meansInvocation(names, text)) return momentAfter(names, text);
  const at = writtenTime(text);
  if (at === null) {
    const near = nearest(text, ['now', 'last', 'previous']);
    if (near !== null)
      throw new CommandError(`${JSON.stringify(text)} is no moment; did you mean ${JSON.stringify(near)}?`);
    throw new CommandError(
      `${JSON.stringify(text)} is no invocation, no date and not "now", "last" or "previous"; write for example 2, 2026-02-01 or now`,
    );
  }
  const before = invocations.filter(({ started_at }) => Date.parse(started_at) <= at);
  const newest = before
    .map(({ invocation }) => invocation)
    .sort(compareNames)
    .at(-1);
  return { label: text, upTo: newest === undefined ? NEVER : (orderOf(newest) ?? NEVER) };
}

function momentAfter(names: readonly string[], text: string): Moment {
  const label = findInvocation(names, text);
  return { label, upTo: orderOf(label)! };
}

/** Of the invocations that have a record: the last one, or the one before it. */
function nthLast(store: StoreReader, text: 'last' | 'previous'): Moment {
  const drew = new Map<string, InvocationOrder>();
  for (const row of store.drawn()) drew.set(orderKey(row), row);
  const sorted = [...drew.values()].sort((a, b) => compareOrder(b, a));
  const upTo = sorted[text === 'last' ? 0 : 1];
  if (upTo !== undefined) return { label: nameOf(store, upTo) ?? String(upTo.sequence), upTo };
  throw new CommandError(
    sorted.length === 0
      ? 'nothing was run yet: `npx expgraph run` is the first invocation'
      : `there is only one invocation that executed something (${calledIn(store, sorted[0]!)}): nothing came before it; \`npx expgraph show\` and \`npx expgraph status\` tell of it`,
  );
}

function nameOf(store: StoreReader, of: InvocationOrder): string | undefined {
  return namesOfInvocations(store).find((name) => isSameInvocation(orderOf(name) ?? NEVER, of));
}

function calledIn(store: StoreReader, of: InvocationOrder): string {
  const name = nameOf(store, of);
  return name === undefined ? String(of.sequence) : shortNames(namesOfInvocations(store))(name);
}
