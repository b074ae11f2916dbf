// Which mistakes cannot be made on this machine: said plainly, and a failure in CI.
import { withoutPytest, withoutPython } from '../rig/python.ts';
import type { Mistake } from './mistake.ts';

const known = new Map<NonNullable<Mistake['needs']>, boolean>();

export function isLeftOut({ needs }: Pick<Mistake, 'needs'>): boolean {
  if (needs === undefined) return false;
  let isWithout = known.get(needs);
  if (isWithout === undefined) {
    isWithout = needs === 'python' ? withoutPython() : withoutPytest();
    known.set(needs, isWithout);
  }
  return isWithout;
}
