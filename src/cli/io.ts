// What commands are given: the world of use cases, and streams to print on.
import type { Given, World } from '../project/open/world.ts';

export type Out = {
  write(text: string): void;
  /** What a program reads, as it is: data, and commands to GitHub Actions, which `write` keeps text of others from being. */
  raw(text: string): void;
  /** A terminal that takes colours and a live region; NO_COLOR and TERM=dumb say no. */
  readonly isTerminal: boolean;
  /** Somebody looks at it, whatever it takes: of a pipe and a file nobody is asked to page. */
  readonly isTty: boolean;
  readonly colors: boolean;
  columns(): number;
  rows(): number;
};

/** How much is told beside the results: `-q`, nothing said, `-v`. */
export type Detail = 'quiet' | 'normal' | 'verbose';

export type Io = Omit<World, 'given'> &
  Streams & { readonly given: { -readonly [Name in keyof Given]: Given[Name] } };

/** What use cases do not see: they return their results. */
export type Streams = {
  readonly detail: Detail;
  readonly out: Out;
  readonly err: Out;
};

export function isGithub({ env }: Pick<Io, 'env'>): boolean {
  return env.GITHUB_ACTIONS === 'true';
}

/** How wide text is made for this stream, and whether it has colours. */
export function layoutOf(out: Out): { readonly columns: number; readonly colors: boolean } {
  return { columns: out.columns(), colors: out.colors };
}
