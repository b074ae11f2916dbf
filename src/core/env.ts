// The environment as it is handed in, and `${NAME}` of it: in providers only, in one pass, and never evaluated.

/** Names to values, an unset one undefined. */
export type Env = { readonly [name: string]: string | undefined };

export type EnvValue = { readonly name: string; readonly value: string };

export type Replaced = {
  readonly text: string;
  readonly used: readonly EnvValue[];
  /** Names that have no value; an empty one is none. */
  readonly unset: readonly string[];
};

export function replaceEnv(text: string, env: Env): Replaced {
  const used: EnvValue[] = [];
  const unset: string[] = [];
  const replaced = text.replace(REFERENCE, (written, name: string) => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value === undefined || value === '') {
      unset.push(name);
      return written;
    }
    used.push({ name, value });
    return value;
  });
  return { text: replaced, used, unset };
}

/** References as written, e.g. `${HOME}`. */
export function envReferences(text: string): readonly string[] {
  return [...text.matchAll(REFERENCE)].map((match) => match[0]);
}

const REFERENCE = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;
