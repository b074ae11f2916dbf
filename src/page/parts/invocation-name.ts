// Invocations as people call them. Pure.

/** `12` of `0012-20261129T031400Z`: commands take it as well. */
export function invocationNumber(invocation: string): string {
  return /^0*(\d+)-\d{8}T\d{6}Z$/.exec(invocation)?.[1] ?? invocation;
}
