// Runs as people write them: 1, 3, 4, 5 -> `1,3-5`.

export function runsWords(runs: Iterable<number>): string {
  const sorted = [...new Set(runs)].sort((a, b) => a - b);
  const ranges: { readonly from: number; to: number }[] = [];
  for (const run of sorted) {
    const last = ranges.at(-1);
    if (last && run === last.to + 1) last.to = run;
    else ranges.push({ from: run, to: run });
  }
  return ranges.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}

const MAX_RUN = 1000;

/** `1,3-5` -> 1, 3, 4, 5; the piece that is no run and no range where there is one. */
export function readRuns(text: string): { readonly runs: readonly number[]; readonly wrong: string | null } {
  const runs: number[] = [];
  for (const piece of text.split(',')) {
    const match = /^\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?$/.exec(piece);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (!match || first < 1 || last < first || last > MAX_RUN) return { runs: [], wrong: piece };
    for (let run = first; run <= last; run++) runs.push(run);
  }
  return { runs, wrong: null };
}
