// Expected failure as a value: what can go wrong outside is returned, what cannot is thrown.
export type Result<Value, Failure> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'err'; readonly error: Failure };

export function ok<Value>(value: Value): { readonly kind: 'ok'; readonly value: Value } {
  return { kind: 'ok', value };
}

export function err<Failure>(error: Failure): { readonly kind: 'err'; readonly error: Failure } {
  return { kind: 'err', error };
}

/** The last branch of every switch over a union: the compiler proves that it cannot be reached. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
