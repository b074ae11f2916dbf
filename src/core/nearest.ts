// "Did you mean": the known name that a misspelt one is closest to, or null where a guess would be noise.

export function nearest(name: string, known: Iterable<string>): string | null {
  if (name.length > MAX_CHARS) return null;
  const wanted = fold(name);
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate.length > MAX_CHARS) continue;
    const distance = editDistance(wanted, fold(candidate));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** A hint's sentence, or null. */
export function didYouMean(name: string, known: Iterable<string>): string | null {
  const guess = nearest(name, known);
  return guess === null ? null : `did you mean ${JSON.stringify(guess)}?`;
}

/** Keys and names are short; longer ones are not misspelt, they are something else. */
const MAX_CHARS = 80;

/** `maxTurns`, `max-turns` and `MAX_TURNS` are one guess away from `max_turns`. */
function fold(name: string): string {
  return name.toLowerCase().replace(/[-\s]/g, '_');
}

/** Insertions, deletions, replacements and swaps of neighbours (Damerau's optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let least = Math.min(replaced, last[j]! + 1, row[j - 1]! + 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, beforeLast[j - 2]! + 1);
      row.push(least);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length]!;
}
