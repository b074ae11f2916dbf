// Cards one after the other: blocks of ten in which the arms are in balance, and cards of one scenario not close together.

/** Arms are in balance within so many cards: a reader who tires or warms up does so for all of them. */
export const BLOCK = 10;
/** Cards of one scenario are at least so far apart, where there are others to stand between. */
export const APART = 5;

type Standing = { readonly scenario: string };

/**
 * Puts items into balance: each next one is of the group that is most behind its share, and of a scenario that its block does
 * not have yet. The order within a group stays: shuffle before.
 */
export function balanced<Item extends Standing>(
  items: readonly Item[],
  groupOf: (item: Item) => string,
): Item[] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(groupOf(item), [...(groups.get(groupOf(item)) ?? []), item]);
  const shares = new Map([...groups].map(([group, own]) => [group, own.length / items.length]));
  const taken = new Map<string, number>();
  const order: Item[] = [];
  while (order.length < items.length) {
    const behind = [...groups.keys()]
      .filter((group) => groups.get(group)!.length > 0)
      .sort((a, b) => lagOf(b) - lagOf(a));
    // The group that is most behind gives the next one, unless only another has a scenario that is not there yet.
    const recent = blockOf(order);
    const fit = behind.find((group) => groups.get(group)!.some(({ scenario }) => !recent.has(scenario)));
    const isNear = fit !== undefined && lagOf(behind[0]!) - lagOf(fit) < 1.5;
    const group = isNear ? fit : behind[0]!;
    const own = groups.get(group)!;
    const at = Math.max(
      0,
      own.findIndex(({ scenario }) => !recent.has(scenario)),
    );
    order.push(own.splice(at, 1)[0]!);
    taken.set(group, (taken.get(group) ?? 0) + 1);
  }
  return order;

  function lagOf(group: string): number {
    return shares.get(group)! * (order.length + 1) - (taken.get(group) ?? 0);
  }
}

/**
 * No two of one scenario close together: of what is left the first that stands far enough from the last few.
 * @param input.before what stands before the first one
 */
export function apart<Item extends Standing>(
  items: readonly Item[],
  { before }: { readonly before: readonly Standing[] },
): Item[] {
  const left = [...items];
  const order: Item[] = [];
  while (left.length > 0) {
    const recent = scenariosOf([...before.slice(1 - APART), ...order].slice(1 - APART));
    const at = left.findIndex(({ scenario }) => !recent.has(scenario));
    order.push(left.splice(Math.max(0, at), 1)[0]!);
  }
  return order;
}

export function inBlocks<Item>(items: readonly Item[]): readonly (readonly Item[])[] {
  const blocks: Item[][] = [];
  for (let at = 0; at < items.length; at += BLOCK) blocks.push(items.slice(at, at + BLOCK));
  return blocks;
}

/** Scenarios of the block that is being filled. */
function blockOf(order: readonly Standing[]): ReadonlySet<string> {
  return scenariosOf(order.slice(order.length - (order.length % BLOCK)));
}

function scenariosOf(items: readonly Standing[]): ReadonlySet<string> {
  return new Set(items.map(({ scenario }) => scenario));
}
