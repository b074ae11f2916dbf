// `$ref` inside one schema: `#/$defs/place`. Schemas are anybody's, so a step is taken only where the name is there. Pure.

/** More steps are no schema's. */
const MAX_STEPS = 20;

/** @returns undefined: there is no such place, or it is in another file */
export function behindRef(reference: string, root: unknown): unknown {
  if (!reference.startsWith('#')) return undefined;
  let found: unknown = root;
  for (const part of reference.slice(1).split('/').filter(Boolean).slice(0, MAX_STEPS)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as { readonly [name: string]: unknown })[name];
  }
  return found;
}
