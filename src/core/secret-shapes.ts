// What looks like a key or a password in a text that somebody wrote: by the marks that vendors give their keys, by the name
// that it stands under, by its place in an address. Whatever quotes a user's file asks here first. Pure.

/** Vendors' marks. Each needs enough behind it to be a key and no word: `sk-learn` is none. */
const VENDORS = new RegExp(
  [
    String.raw`sk-(?:(?=[\w-]*\d)[\w-]{8,}|[\w-]{20,})`,
    String.raw`(?:sk|rk|pk)_(?:live|test)_\w{8,}`,
    String.raw`AIza[\w-]{16,}`,
    String.raw`(?:gsk|hf|gh[pousr]|r8|fw|npm|pplx|xai|nvapi|glpat|dop_v1|tgp_v1|csk)[_-](?=[\w-]*\d)[\w-]{16,}`,
    String.raw`github_pat_\w{16,}`,
    String.raw`xox[abeoprs]-[\w-]{8,}`,
    '(?:AKIA|ASIA)[A-Z0-9]{12,}',
    String.raw`lsv2_\w{2}_\w{8,}`,
    String.raw`ya29\.[\w-]{16,}`,
    String.raw`eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?`,
  ]
    .map((one) => String.raw`(?<![\w-])${one}`)
    .join('|'),
  'g',
);

/** `Bearer ...`: words of a sentence have no digit and are short. */
const SCHEMES = /(?<=\b(?:Bearer|Basic|Token)\s+)(?=[\w.~+/=-]*\d|[\w.~+/=-]{24})[\w.~+/=-]{8,}/gi;

/** Of `https://name:password@host`; `${NAME}` is none. */
const IN_ADDRESS = /(?<=:\/\/[^\s/:@"']*:)(?!\$\{)[^\s/@"']+(?=@)/g;

/** `api_key: ...`, `"token": "..."`, `PASSWORD=...`. What ends in `_env` is the name of a variable. */
const UNDER_NAME =
  /(?<![A-Za-z])(?:[\w-]{0,40}[_-])?(?:api[_-]?key|access[_-]?key|private[_-]?key|secret|token|passw(?:or)?d|credentials?|authorization|apikey|key)["']?\s*[:=]\s*["']?((?:Bearer|Basic)\s+)?([^\s"',}\]]+)/gi;

/** The text with stars where keys were, as wide as before: marks below it stay where they belong. */
export function maskSecrets(text: string): string {
  const stars = (found: string): string => '*'.repeat(found.length);
  const masked = text.replace(VENDORS, stars).replace(SCHEMES, stars).replace(IN_ADDRESS, stars);
  return masked.replace(UNDER_NAME, (whole: string, _: string, value: string) => {
    const name = /[\w-]+/.exec(whole)![0];
    return isSecretUnder(name, value) ? whole.slice(0, whole.length - value.length) + stars(value) : whole;
  });
}

/** What of a value is a key, by what it looks like and by the name that it stands under; null = nothing. */
export function secretIn(value: string, name: string): string | null {
  const shaped = [VENDORS, SCHEMES, IN_ADDRESS].map((shape) => value.match(shape)?.[0]);
  const found = shaped.find((one) => one !== undefined);
  if (found !== undefined) return found;
  return SECRET_NAME.test(name) && isSecretUnder(name, value) ? value : null;
}

/** Names of members, headers and variables that say what they hold. */
const SECRET_NAME =
  /(?:^|[_.-])(?:api[_-]?key|apikey|access[_-]?key|private[_-]?key|key|secret|token|passw(?:or)?d|credentials?|authorization)$/i;
const SURE_NAME = /(?:api[_-]?key|passw(?:or)?d|authorization)$/i;

export function isSecretName(name: string): boolean {
  return SURE_NAME.test(name) || /(?:secret|[_-]token|access[_-]?key)$/i.test(name);
}

function isSecretUnder(name: string, value: string): boolean {
  // A reference, the name of a variable, or stars.
  if (/^\$\{|^\$[A-Z_]|^[A-Z][A-Z0-9_]*$|^\*+$|^[<[{]/.test(value) || value.length < 6) return false;
  if (SURE_NAME.test(name)) return !/\s/.test(value);
  return isRandom(value);
}

/** Letters and digits in a long row without a word's order; paths, dates and plain words are none. */
function isRandom(value: string): boolean {
  if (!/^[\w+/=.~-]{16,}$/.test(value) || !/\d/.test(value) || !/[A-Za-z]/.test(value)) return false;
  const counts = new Map<string, number>();
  for (const character of value) counts.set(character, (counts.get(character) ?? 0) + 1);
  const bits = [...counts.values()].reduce(
    (sum, n) => sum - (n / value.length) * Math.log2(n / value.length),
    0,
  );
  return bits >= 3;
}
