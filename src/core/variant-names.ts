// Which variants a name on the command line means: an exact name, a glob, or the name of a matrix for all that it expands to.
import { matchesGlob } from './glob.ts';

/** `tweet` of `tweet[model=a]`; null where it is no expansion. */
export function baseOf(variant: string): string | null {
  const bracket = variant.indexOf('[');
  return bracket > 0 && variant.endsWith(']') ? variant.slice(0, bracket) : null;
}

/**
 * An exact name wins, then what a glob matches, then what it matches of names without their brackets. Brackets are
 * characters like others: a name can be pasted. No patterns mean all.
 */
export function meansVariant(
  patterns: readonly string[],
  declared: Iterable<string>,
): (variant: string) => boolean {
  if (patterns.length === 0) return () => true;
  const names = new Set(declared);
  const tests = patterns.map((pattern) => {
    if (names.has(pattern)) return (variant: string) => variant === pattern;
    const isGlob = [...names].some((name) => matchesGlob(pattern, name));
    if (isGlob) return (variant: string) => matchesGlob(pattern, variant);
    return (variant: string) =>
      matchesGlob(pattern, variant) || matchesGlob(pattern, baseOf(variant) ?? variant);
  });
  return (variant) => tests.some((test) => test(variant));
}
