// What is wrong with something that a user wrote: what, where, and what to do.

export type Severity = 'error' | 'warning' | 'note';

/** A place in a text file. Lines and columns count from 1, columns in UTF-16 units as editors do. */
export type Location = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many characters are meant; at least 1. */
  readonly length: number;
  /** The whole line of the source, without its line end; null where there is none (a binary file). */
  readonly sourceLine: string | null;
};

export type Diagnostic = {
  readonly severity: Severity;
  /** A stable word for scripts, e.g. `unknown-key`, `duplicate-id`, `unset-env`. */
  readonly code: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly location: Location | null;
  /** What would be right, e.g. `did you mean "temperature"?`; null where nothing sensible can be said. */
  readonly hint: string | null;
  /** Other places that belong to it, e.g. the first of two equal ids. */
  readonly related: readonly { readonly message: string; readonly location: Location }[];
};

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
