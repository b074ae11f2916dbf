// Typical mistakes of a first hour, all of them, as one set: tests/walks/mistakes.txt shows what is printed for each.

import { type Mistake, printedFor, sectionOf } from './mistake.ts';
import { isLeftOut } from './mistake-needs.ts';
import { AT_THE_TERMINAL, IN_CODE, IN_SCENARIOS } from './mistakes-elsewhere.ts';
import { AT_AN_ENDPOINT, IN_THE_STORE } from './mistakes-later.ts';
import { IN_THE_MANIFEST } from './mistakes-manifest.ts';

export const MISTAKES: readonly Mistake[] = [
  ...IN_THE_MANIFEST,
  ...IN_SCENARIOS,
  ...IN_CODE,
  ...AT_THE_TERMINAL,
  ...AT_AN_ENDPOINT,
  ...IN_THE_STORE,
];

/** The whole file. @param before what stood there: of a mistake that cannot be made here it stays */
export async function allSections(before: ReadonlyMap<string, string>): Promise<string> {
  const sections: string[] = [];
  for (const mistake of MISTAKES) {
    const kept = isLeftOut(mistake) ? before.get(mistake.name) : undefined;
    sections.push(kept ?? sectionOf(mistake, await printedFor(mistake)));
  }
  return `Typical mistakes, and what is printed for each. Made by \`npm run mistakes\`; do not edit.\n\n${sections.join('\n')}`;
}
