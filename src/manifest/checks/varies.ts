// `varies:` -> the settings in which the variants differ on purpose; and a warning for each difference that is not among them.
import type { Manifest, Variant } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import { differenceSentence, differencesOf, isDeclared, SETTINGS } from '../../variants/differences.ts';
import { type Reading, say } from '../reading.ts';

/** What a matrix varies counts by itself. null = not declared: nothing is warned of. */
export function readVaries(reading: Reading): Manifest['varies'] {
  const declared = reading.raw.varies;
  if (declared === undefined) return null;
  const known: string[] = [];
  for (const [n, name] of declared.entries()) {
    // One that the schema refused was told of.
    if (name === undefined) continue;
    const setting = name.split('.')[0]!;
    if ((SETTINGS as readonly string[]).includes(setting)) {
      known.push(name);
      continue;
    }
    say(reading, {
      path: ['varies', n],
      code: 'unknown-setting',
      message: `${JSON.stringify(name)} is no setting of a variant`,
      hint:
        didYouMean(setting, SETTINGS) ??
        `known here: ${SETTINGS.join(', ')}; a dot leads inside: params.top_p`,
    });
  }
  const axes = Object.values(reading.raw.variants ?? {}).flatMap((variant) =>
    Object.keys(variant?.matrix ?? {}),
  );
  return [...new Set([...known, ...axes])];
}

/** Each difference once, however many variants have it. */
export function warnOfDifferences(
  reading: Reading,
  input: {
    readonly variants: readonly Variant[];
    readonly providers: Manifest['providers'];
    readonly varies: readonly string[];
  },
): void {
  const [first, ...others] = input.variants;
  const told = new Map<string, string[]>();
  for (const other of first ? others : []) {
    for (const difference of differencesOf({ from: first!, to: other, providers: input.providers })) {
      if (isDeclared(difference, input.varies)) continue;
      const names = told.get(difference.path);
      if (names) names.push(other.name);
      else {
        const sentence = differenceSentence(difference, { from: first!.name, to: other.name });
        told.set(difference.path, [sentence]);
      }
    }
  }
  for (const [path, [sentence, ...more]] of told) {
    const beside =
      more.length === 0 ? '' : ` (and so ${more.length === 1 ? 'is' : 'are'} ${more.slice(0, 5).join(', ')})`;
    say(reading, {
      path: ['varies'],
      part: 'key',
      severity: 'warning',
      code: 'undeclared-difference',
      message: `the variants differ in ${path}, which "varies" does not name: ${sentence}${beside}`,
      hint: `make them equal, or add it on purpose: varies: [${path.split('.')[0]}]`,
    });
  }
}
