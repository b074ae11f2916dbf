// One line of the table in closures.test.ts.
export type ClosureRow = {
  readonly name: string;
  /** One line of YAML: the variant. */
  readonly variant: string;
  /** Further lines of the manifest. */
  readonly lines?: string;
  readonly files: { readonly [path: string]: string };
  /** From -> to, a path relative to the link. */
  readonly links?: { readonly [path: string]: string };
  /** A file, or a file and its new text. */
  readonly moves: readonly (string | readonly [string, string])[];
  readonly stays?: readonly (string | readonly [string, string])[];
  /** The experiment's folder, where it is not the project's. */
  readonly folder?: string;
};
