// Whether an experiment asks a package for anything, and what is not known of it yet. Light: asked of every manifest.
import { askersOf } from '../../core/asking.ts';
import type { Manifest } from '../../core/manifest.ts';
import { sanitizeLine } from '../../core/text.ts';
import { note, type World } from './world.ts';

/** By expgraph's own calls, by own code, or by scorers. */
export function hasPackages({
  providers,
  variants,
  scorers,
}: Pick<Manifest, 'providers' | 'variants' | 'scorers'>): boolean {
  if (Object.values(providers).every(({ sdk }) => sdk === undefined)) return false;
  return askersOf({ variants, scorers }).some(({ provider }) => providers[provider]?.sdk !== undefined);
}

const SHOWN = 5;

/** Without its request a variant has another key: what is kept of it looks as if it were stale. */
export function tellUnbuilt(io: World, { providers, variants }: Manifest): void {
  const names = variants
    .filter(({ provider, harness, mcp }) => providers[provider]?.sdk && harness === null && mcp === null)
    .filter(({ frame }) => frame === undefined)
    .map(({ name }) => sanitizeLine(name));
  if (names.length === 0) return;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const shown = names.slice(0, SHOWN).join(', ') + more;
  note(
    io,
    `the requests of ${shown} are not known yet: "npx expgraph plan" asks their package to build them`,
  );
}
