// The state of side by side <-> its address. Names beside these are the matrix's: they say which scenario is the next one, and
// what the matrix shows on the way back. Pure.
import { LOOK_NAMES, type LookState, readLook, setLook } from '../parts/look-address.ts';

/** What the others are held against. */
export type BaseChoice =
  /** The first arm, same run: as the address says nothing. */
  | { readonly kind: 'first' }
  /** The run before, same arm. */
  | { readonly kind: 'previous' }
  | { readonly kind: 'arm'; readonly variant: string }
  | { readonly kind: 'none' };

export type ReadingState = LookState & {
  readonly scenario: string | null;
  /** Runs that are shown; null = all. */
  readonly runs: readonly number[] | null;
  /** Where the reader is: on a phone it alone is shown. */
  readonly arm: string | null;
  readonly base: BaseChoice;
  /** Answers that are there already are shown again. */
  readonly repeats: boolean;
};

const OWN: readonly string[] = ['scenario', 'runs', 'arm', 'run', 'base', 'repeats', ...LOOK_NAMES];
/** How the matrix is looked at, and not what is in it. */
const LOOKS = ['at', 'show', 'offset', 'limit'];

export function readReading(query: URLSearchParams): ReadingState {
  return {
    scenario: query.get('scenario'),
    // `run`: one that was picked in the matrix.
    runs: readRuns(query.get('runs') ?? query.get('run')),
    arm: query.get('arm'),
    base: readBase(query.get('base')),
    repeats: query.get('repeats') === 'on',
    ...readLook(query),
  };
}

/** What is not the state of this screen stays as it is. */
export function writeReading(query: URLSearchParams, change: Partial<ReadingState>): URLSearchParams {
  const state = { ...readReading(query), ...change };
  const written = new URLSearchParams();
  if (state.scenario !== null) written.set('scenario', state.scenario);
  for (const [name, value] of matrixPart(query)) written.append(name, value);
  const set = (name: string, value: string | null): void => {
    if (value !== null) written.set(name, value);
  };
  set('arm', state.arm);
  set('runs', state.runs === null ? null : state.runs.join(','));
  set('base', writeBase(state.base));
  set('repeats', state.repeats ? 'on' : null);
  setLook(written, state);
  return written;
}

/** The matrix as it was. */
export function matrixPart(query: URLSearchParams): URLSearchParams {
  return without(query, OWN);
}

/** What the server is asked: a fold that opens asks for nothing. */
export function askedPart(query: URLSearchParams): URLSearchParams {
  return without(query, [...OWN.filter((name) => name !== 'scenario'), ...LOOKS]);
}

/** The row of the matrix is that of the scenario that is read, so that the way back leads there. */
export function atRow(query: URLSearchParams, row: number): URLSearchParams {
  const moved = new URLSearchParams(query);
  const place = query.get('at');
  if (place !== null) moved.set('at', place.replace(/^\d+/, String(row)));
  return moved;
}

function without(query: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => !names.includes(name)));
}

function readRuns(text: string | null): readonly number[] | null {
  if (text === null) return null;
  const runs = text.split(',').flatMap((one) => (/^[1-9]\d{0,5}$/.test(one) ? [Number(one)] : []));
  return runs.length === 0 ? null : [...new Set(runs)].sort((a, b) => a - b);
}

const ARM = 'arm:';

function readBase(text: string | null): BaseChoice {
  if (text === 'previous-run') return { kind: 'previous' };
  if (text === 'none') return { kind: 'none' };
  if (text?.startsWith(ARM)) return { kind: 'arm', variant: text.slice(ARM.length) };
  return { kind: 'first' };
}

export function writeBase(base: BaseChoice): string | null {
  switch (base.kind) {
    case 'first':
      return null;
    case 'previous':
      return 'previous-run';
    case 'none':
      return 'none';
    case 'arm':
      return `${ARM}${base.variant}`;
  }
}
