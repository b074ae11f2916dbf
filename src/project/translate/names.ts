// What things are called here that have a label, a path or nothing there. Pure.

/** What a table says of a name that somebody wrote: `toString` is no row of any. */
export function rowOf<T>(table: { readonly [name: string]: T | undefined }, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Lower case, words joined by hyphens; '' where nothing is left. */
export function slug(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._]+/gu, '-')
    .replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .slice(0, MOST_CHARS)
    .replace(/[^\p{L}\p{N}]+$/u, '')
    .toLowerCase();
}

const MOST_CHARS = 60;

/** Names that are given out once each: the second `short` is `short-2`. */
export function makeNamer(taken: Iterable<string> = []): (wanted: string) => string {
  const given = new Set(taken);
  return (wanted) => {
    let name = wanted;
    for (let n = 2; given.has(name); n++) name = `${wanted}-${n}`;
    given.add(name);
    return name;
  };
}

/** As `name:` of a manifest and folders of artifacts want it. */
export function experimentName(text: string): string {
  const ascii = text
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
  return ascii.slice(0, 40).replace(/-+$/, '') || 'experiment';
}
