// A command as it is declared, as data: what completes a line and what is told of a mistake in it are made of this.

export type DeclaredCommand = {
  readonly name: string;
  readonly about: string;
  /** The one that it stands below; null = the program. */
  readonly parent: DeclaredCommand | null;
  readonly commands: readonly DeclaredCommand[];
  readonly options: readonly DeclaredOption[];
  readonly arguments: readonly DeclaredArgument[];
  /** What its help lists, which is not all of these, and has its own `--help`. */
  readonly shown: {
    readonly commands: readonly Listed[];
    readonly options: readonly Listed[];
  };
};

/** `name`: of an option its long one, where it has one. */
export type Listed = { readonly name: string; readonly about: string };

export type DeclaredOption = {
  readonly flags: string;
  readonly long: string | null;
  readonly short: string | null;
  /** A value follows, in the same word or the next one. */
  readonly takesValue: boolean;
  /** The only values that it takes; null = any. */
  readonly choices: readonly string[] | null;
};

export type DeclaredArgument = {
  readonly name: string;
  readonly isVariadic: boolean;
  readonly choices: readonly string[] | null;
};
