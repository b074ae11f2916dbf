// Circles in a graph of imports, and what can be reached from a file.

type Graph = ReadonlyMap<string, readonly string[]>;

/** Every strongly connected set of more than one file, and files that import themselves. Source: R. Tarjan, 1972. */
export function circlesOf(graph: Graph): readonly (readonly string[])[] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): void => {
    numbers.set(file, numbers.size);
    lowest.set(file, numbers.get(file)!);
    open.push(file);
    for (const next of graph.get(file) ?? []) {
      if (!numbers.has(next)) visit(next);
      if (open.includes(next)) lowest.set(file, Math.min(lowest.get(file)!, lowest.get(next)!));
    }
    if (lowest.get(file) !== numbers.get(file)) return;
    const circle = open.splice(open.indexOf(file));
    if (circle.length > 1 || graph.get(file)?.includes(file)) circles.push(circle);
  };
  for (const file of graph.keys()) if (!numbers.has(file)) visit(file);
  return circles;
}

/** Everything that `file` imports, and what that imports, and so on; without the file itself. */
export function reachable(graph: Graph, file: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (at: string): void => {
    for (const next of graph.get(at) ?? []) {
      if (found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(file);
  return found;
}
