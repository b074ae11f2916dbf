// What stands where: which draws are shown, what each is held against, and which say what is there already. Pure.
import type { ArmColumn, DrawText, ScenarioScreen } from '../../screens/scenario.ts';
import type { BaseChoice } from './address.ts';

/** A draw by its names, as people say them. */
export type DrawName = { readonly variant: string; readonly run: number };

export type Placed = DrawName & {
  readonly draw: DrawText;
  /** null = nothing, or there is no answer to hold it against. */
  readonly base: { readonly name: string; readonly draw: DrawText } | null;
  /** The first draw that is shown with this very answer; null = this is it. */
  readonly repeats: DrawName | null;
  /** Draws that are shown and say the same, of the first of them. */
  readonly repeatedBy: readonly DrawName[];
};

export type RunRow = { readonly run: number; readonly cells: readonly (Placed | null)[] };

export const drawName = ({ variant, run }: DrawName): string => `${variant} run ${run}`;

/** All runs that any arm has, in order. */
export function runsOf({ arms }: Pick<ScenarioScreen, 'arms'>): readonly number[] {
  return [...new Set(arms.flatMap(({ runs }) => runs.map(({ run }) => run)))].sort((a, b) => a - b);
}

/** What is asked for and there; all where nothing of it is. */
export function shownRuns(all: readonly number[], asked: readonly number[] | null): readonly number[] {
  const shown = asked === null ? all : all.filter((run) => asked.includes(run));
  return shown.length === 0 ? all : shown;
}

/** One is hidden or shown again; the last one that is shown stays. */
export function toggledRuns(
  all: readonly number[],
  asked: readonly number[] | null,
  run: number,
): readonly number[] | null {
  const shown = shownRuns(all, asked);
  const next = shown.includes(run) ? shown.filter((one) => one !== run) : [...shown, run];
  if (!all.includes(run) || next.length === 0) return asked;
  return next.length === all.length ? null : next.sort((a, b) => a - b);
}

/** In the order in which they are read: run by run, in each the arms from left to right. */
export function rowsOf(
  arms: readonly ArmColumn[],
  { runs, base }: { readonly runs: readonly number[]; readonly base: BaseChoice },
): readonly RunRow[] {
  const names = arms.flatMap(({ variant }) => runs.map((run) => ({ variant, run })));
  const first = new Map<number, DrawName>();
  const others = new Map<number, DrawName[]>();
  for (const name of inReadingOrder(names, runs)) {
    const answer = drawOf(arms, name)?.answer ?? null;
    if (answer === null) continue;
    if (!first.has(answer)) first.set(answer, name);
    else others.set(answer, [...(others.get(answer) ?? []), name]);
  }
  return runs.map((run) => ({
    run,
    cells: arms.map(({ variant }) => {
      const draw = drawOf(arms, { variant, run });
      if (draw === null) return null;
      const origin = draw.answer === null ? undefined : first.get(draw.answer);
      const isFirst = origin === undefined || (origin.variant === variant && origin.run === run);
      return {
        variant,
        run,
        draw,
        base: baseOf(arms, { name: { variant, run }, base }),
        repeats: isFirst ? null : origin,
        repeatedBy: isFirst && draw.answer !== null ? (others.get(draw.answer) ?? []) : [],
      };
    }),
  }));
}

function inReadingOrder(names: readonly DrawName[], runs: readonly number[]): readonly DrawName[] {
  return runs.flatMap((run) => names.filter((name) => name.run === run));
}

function drawOf(arms: readonly ArmColumn[], { variant, run }: DrawName): DrawText | null {
  return arms.find((arm) => arm.variant === variant)?.runs.find((draw) => draw.run === run) ?? null;
}

function baseOf(
  arms: readonly ArmColumn[],
  { name, base }: { readonly name: DrawName; readonly base: BaseChoice },
): Placed['base'] {
  const found = baseNameOf(arms, name, base);
  const draw = found === null ? null : drawOf(arms, found);
  return found === null || draw === null || draw.answer === null ? null : { name: drawName(found), draw };
}

function baseNameOf(
  arms: readonly ArmColumn[],
  { variant, run }: DrawName,
  base: BaseChoice,
): DrawName | null {
  switch (base.kind) {
    case 'none':
      return null;
    case 'first':
    case 'arm': {
      const other = base.kind === 'arm' ? base.variant : arms[0]?.variant;
      return other === undefined || other === variant ? null : { variant: other, run };
    }
    case 'previous': {
      const earlier = (arms.find((arm) => arm.variant === variant)?.runs ?? []).filter(
        (one) => one.run < run,
      );
      const last = earlier.at(-1);
      return last === undefined ? null : { variant, run: last.run };
    }
  }
}

/** The choices for a base in the order in which `b` goes through them. */
export function baseChoices(arms: readonly ArmColumn[]): readonly BaseChoice[] {
  const others = arms.slice(1).map(({ variant }): BaseChoice => ({ kind: 'arm', variant }));
  return [{ kind: 'first' }, { kind: 'previous' }, ...(arms.length > 1 ? others : []), { kind: 'none' }];
}

export function baseWords(base: BaseChoice, arms: readonly ArmColumn[]): string {
  switch (base.kind) {
    case 'first':
      return `${arms[0]?.variant ?? 'the first arm'}, same run`;
    case 'previous':
      return 'the run before';
    case 'arm':
      return `${base.variant}, same run`;
    case 'none':
      return 'nothing';
  }
}
