// What a simulation of the statistics comes to: a heading, and a row a figure with what it has to be. `node bench/aa.ts` prints them.

/** What a share of simulated experiments has to be. Ranges are those of 95 % of such simulations. */
export type Wanted =
  /** Within what chance gives this share. */
  | { readonly kind: 'about'; readonly share: number; readonly trials: number }
  /** No more than what chance gives this share: counts have few possible sums, so it may be less. */
  | { readonly kind: 'at most'; readonly share: number; readonly trials: number }
  | { readonly kind: 'between'; readonly low: number; readonly high: number }
  /** Every time. */
  | { readonly kind: 'always' }
  /** Told, and nothing is promised. */
  | { readonly kind: 'told' };

export type Row = {
  readonly name: string;
  /** 0..1, of the experiments that were simulated. */
  readonly share: number;
  readonly wanted: Wanted;
  /** Behind the row, as `power by the tool 81.2 %`; absent = nothing. */
  readonly note?: string;
};

export type Section = { readonly title: string; readonly rows: readonly Row[] };

export function holds({ share, wanted }: Row): boolean {
  switch (wanted.kind) {
    case 'about': {
      const [least, most] = rangeOf(wanted);
      return share >= least && share <= most;
    }
    case 'at most':
      return share <= rangeOf(wanted)[1];
    case 'between':
      return share >= wanted.low && share <= wanted.high;
    case 'always':
      return share === 1;
    case 'told':
      return true;
  }
}

export function linesOf({ title, rows }: Section): readonly string[] {
  return [title, ...rows.map(lineOf)];
}

function lineOf(row: Row): string {
  const broken = holds(row) ? '' : '   NOT HELD';
  const note = row.note === undefined ? '' : `   ${row.note}`;
  return `  ${row.name.padEnd(40)} ${percent(row.share)} %   ${wantedWords(row.wanted)}${note}${broken}`.trimEnd();
}

function wantedWords(wanted: Wanted): string {
  switch (wanted.kind) {
    case 'about': {
      const [least, most] = rangeOf(wanted);
      return `${percent(least)} to ${percent(most).trim()} %`;
    }
    case 'at most':
      return `at most ${percent(rangeOf(wanted)[1]).trim()} %`;
    case 'between':
      return `${percent(wanted.low)} to ${percent(wanted.high).trim()} %`;
    case 'always':
      return 'every time';
    case 'told':
      return '';
  }
}

/** 95 % of simulations with this share have a count in here: normal, without correction. */
function rangeOf({
  share,
  trials,
}: {
  readonly share: number;
  readonly trials: number;
}): readonly [number, number] {
  const half = 1.96 * Math.sqrt((share * (1 - share)) / trials);
  return [share - half, share + half];
}

function percent(share: number): string {
  return (100 * share).toFixed(1).padStart(5);
}
