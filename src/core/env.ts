// An environment as it is handed in: names to values, an unset one undefined.
export type Env = { readonly [name: string]: string | undefined };
