// The anchors of a YAML text and what they hold. Written out, an alias bomb of a kilobyte weighs terabytes; a set of scenarios
// that shares its long prompt by alias stays far below. Pure.

/** A character weighs 1. */
export const NODE_WEIGHT = 16;
const MAX_WEIGHT = 64_000_000;

type Used = {
  readonly value: unknown;
  readonly problem: { readonly code: string; readonly message: string; readonly hint?: string } | null;
};

export type Anchors = {
  /** Something was read. */
  add(weight: number): void;
  define(name: string, read: () => unknown): unknown;
  use(name: string): Used;
};

type Anchor = { readonly value: unknown; readonly weight: number; readonly isComplete: boolean };

export function makeAnchors(): Anchors {
  const anchors = new Map<string, Anchor>();
  // Of what was read, each alias counted as if it were written out.
  let weight = 0;
  return {
    add(more) {
      weight += more;
    },
    define(name, read) {
      const before = weight;
      anchors.set(name, { value: null, weight: 0, isComplete: false });
      const value = read();
      anchors.set(name, { value, weight: weight - before, isComplete: true });
      return value;
    },
    use(name) {
      const anchor = anchors.get(name);
      if (!anchor) return bad({ message: `no anchor &${name} stands before this alias` });
      if (!anchor.isComplete) {
        const message = `this alias stands inside its own anchor &${name}`;
        return bad({ message, hint: 'write out what is meant in its place' });
      }
      const before = weight;
      weight += anchor.weight + 1;
      // Shared, not copied: the data is never written to, so a bomb costs nothing until somebody walks it.
      if (weight <= MAX_WEIGHT) return { value: anchor.value, problem: null };
      const message = 'the aliases of this file would expand to more than 64 MB';
      return { value: null, problem: before <= MAX_WEIGHT ? { code: 'alias-bomb', message } : null };
    },
  };
}

function bad(words: { readonly message: string; readonly hint?: string }): Used {
  return { value: null, problem: { code: 'bad-alias', ...words } };
}
