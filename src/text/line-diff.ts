// Two texts line by line: what is gone, what is new, and one line of what surrounds it. Pure.

export type DiffLine = { readonly sign: '-' | '+' | ' '; readonly text: string };

/** The table below has the product of both as its size. */
const MAX_LINES = 500;

/** Longest common subsequence; texts that are longer are told as all gone and all new. */
export function lineDiff(from: string, to: string): readonly DiffLine[] {
  const a = from.split('\n');
  const b = to.split('\n');
  if (a.length > MAX_LINES || b.length > MAX_LINES) {
    return [
      ...a.map((text) => ({ sign: '-' as const, text })),
      ...b.map((text) => ({ sign: '+' as const, text })),
    ];
  }
  return nearChanges(walk(a, b));
}

function walk(a: readonly string[], b: readonly string[]): readonly DiffLine[] {
  const common = tableOf(a, b);
  const lines: DiffLine[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: ' ', text: a[i]! });
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && common[i + 1]![j]! >= common[i]![j + 1]!)) {
      lines.push({ sign: '-', text: a[i++]! });
    } else {
      lines.push({ sign: '+', text: b[j++]! });
    }
  }
  return lines;
}

/** How many lines the rests from i and j have in common. */
function tableOf(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      table[i]![j] =
        a[i] === b[j] ? table[i + 1]![j + 1]! + 1 : Math.max(table[i + 1]![j]!, table[i]![j + 1]!);
    }
  }
  return table;
}

function nearChanges(lines: readonly DiffLine[]): readonly DiffLine[] {
  return lines.filter((line, n) => line.sign !== ' ' || isChange(lines[n - 1]) || isChange(lines[n + 1]));
}

function isChange(line: DiffLine | undefined): boolean {
  return line !== undefined && line.sign !== ' ';
}
