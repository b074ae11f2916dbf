// Invocations as people call them. Pure.
import { shortName } from '../../core/invocation-id.ts';

/** `12` of `0012-20261129T031400Z`: commands take it as well. */
export function invocationNumber(invocation: string): string {
  return shortName(invocation);
}
