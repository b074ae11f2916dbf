// Pairs what is expected with what was made, as many as possible, each once. At most 100 against 1000: both ways are
// a hundred thousand looks at the most, and each pair is looked at once.

type Size = { readonly wanted: number; readonly made: number };
type Fits = (wanted: number, made: number) => boolean;

/** By the expected: which of those made, or null. The largest matching of two sides, grown by augmenting paths (Kuhn). */
export function pairAnyOrder(size: Size, fits: Fits): readonly (number | null)[] {
  const fitting = tableOf(size, fits);
  const ownerOf: (number | null)[] = Array.from({ length: size.made }, () => null);
  for (let wanted = 0; wanted < size.wanted; wanted++) grow(wanted, { fitting, ownerOf, seen: new Set() });
  return Array.from({ length: size.wanted }, (_, wanted) => {
    const made = ownerOf.indexOf(wanted);
    return made < 0 ? null : made;
  });
}

type Growing = {
  readonly fitting: readonly (readonly boolean[])[];
  readonly ownerOf: (number | null)[];
  readonly seen: Set<number>;
};

/** Depth is bounded by the number of the expected. */
function grow(wanted: number, growing: Growing): boolean {
  const { fitting, ownerOf, seen } = growing;
  for (const [made, isFitting] of fitting[wanted]!.entries()) {
    if (!isFitting || seen.has(made)) continue;
    seen.add(made);
    const owner = ownerOf[made]!;
    if (owner !== null && !grow(owner, growing)) continue;
    ownerOf[made] = wanted;
    return true;
  }
  return false;
}

/** The longest common subsequence: both sides keep their order. */
export function pairInOrder(size: Size, fits: Fits): readonly (number | null)[] {
  const fitting = tableOf(size, fits);
  // longest[i][j]: of the expected from i on and those made from j on.
  const longest = Array.from({ length: size.wanted + 1 }, () => new Array<number>(size.made + 1).fill(0));
  for (let i = size.wanted - 1; i >= 0; i--) {
    for (let j = size.made - 1; j >= 0; j--) {
      const both = fitting[i]![j] ? longest[i + 1]![j + 1]! + 1 : 0;
      longest[i]![j] = Math.max(both, longest[i + 1]![j]!, longest[i]![j + 1]!);
    }
  }
  const paired: (number | null)[] = Array.from({ length: size.wanted }, () => null);
  for (let i = 0, j = 0; i < size.wanted && j < size.made; ) {
    if (fitting[i]![j] && longest[i]![j] === longest[i + 1]![j + 1]! + 1) paired[i++] = j++;
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++;
    else j++;
  }
  return paired;
}

function tableOf({ wanted, made }: Size, fits: Fits): readonly (readonly boolean[])[] {
  return Array.from({ length: wanted }, (_, i) => Array.from({ length: made }, (_, j) => fits(i, j)));
}
