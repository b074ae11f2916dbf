// What a walk through code comes back with, whatever the language.

/** A place in a file of code; lines and columns from 1. */
export type CodePlace = { readonly file: string; readonly line: number; readonly column: number };

export type Closure = {
  /** Absolute paths by digest of their bytes. */
  readonly files: ReadonlyMap<string, string>;
  /** What is installed by name and version, and what is known by its content only. */
  readonly packages: ReadonlyMap<string, string>;
  /** `isCertain`: whoever runs the code meets it. */
  readonly problems: readonly {
    readonly place: CodePlace;
    readonly message: string;
    readonly hint?: string;
    readonly isCertain: boolean;
  }[];
  /** Imports whose name is put together while the code runs. */
  readonly open: readonly CodePlace[];
  /** Words that the code hands to other programs. */
  readonly words: readonly (readonly string[])[];
};

/**
 * What an import of an unknown name may lead to: what `inputs:` names of the language beyond what is known, and then nobody
 * has to be told; else every file of the language. `isOnlyOpen`: nothing else is unknown, so that a declaration is enough.
 */
export type Sweep = (input: {
  readonly known: ReadonlyMap<string, string>;
  readonly open: readonly CodePlace[];
  readonly isOnlyOpen: boolean;
}) => Promise<{ readonly files: readonly string[]; readonly isDeclared: boolean }>;

/** Of code that cannot be read. */
export const UNRUN = 'mend it there; nothing of it was run';

/** Files that run for certain: those that a program begins with, and what they cannot run without. */
export function reached(
  starts: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...starts];
  for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
    if (found.has(at)) continue;
    found.add(at);
    waiting.push(...(needs.get(at) ?? []));
  }
  return found;
}

/** Reads and hashes a file, each once. */
export type ReadCode = (file: string) => { readonly bytes: Buffer; readonly digest: string };
