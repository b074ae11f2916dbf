// Invocations as people call them. Pure.
import { shortName } from '../../core/invocation-id.ts';

/** `12` of `0012-20261129T031400Z-k3f9m2q7`, and `12-k3f9m2q7` where two have that number: commands take either. */
export function invocationName(of: { readonly invocation: string; readonly called?: string }): string {
  return of.called ?? shortName(of.invocation);
}
