// What `npm run torture` was asked for: flags after `--`, or npm's own way of taking flags without it.

export type TortureArgs = {
  /** null = every row in full, however long it takes. */
  readonly minutes: number | null;
  readonly seed: number;
  /** Empty = all. */
  readonly rows: readonly string[];
};

const USAGE = 'npm run torture [-- --minutes N --seed S row...]';

/**
 * `npm run torture --minutes 10` reaches a script as npm_config_minutes=true and an argument `10`, `--minutes=10` as
 * npm_config_minutes=10. Numbers without a name belong to minutes first and then to seed: rows have no numbers for names.
 * @throws Error with one sentence where a word is not understood.
 */
export function readArgs(
  argv: readonly string[],
  given: { readonly env: { readonly [name: string]: string | undefined }; readonly seed: number },
): TortureArgs {
  const values: { minutes?: number; seed?: number } = {};
  const rows: string[] = [];
  const nameless: number[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [word, inline] = split(argv[i]!);
    if (word === '--minutes' || word === '--seed') {
      values[word.slice(2) as keyof typeof values] = number(word, inline ?? argv[++i]);
    } else if (/^\d+(\.\d+)?$/.test(word)) nameless.push(Number(word));
    else if (word.startsWith('-')) throw new Error(`${word} is no option: ${USAGE}`);
    else rows.push(word);
  }
  for (const name of ['minutes', 'seed'] as const) {
    const configured = given.env[`npm_config_${name}`];
    if (configured === undefined || configured === '' || values[name] !== undefined) continue;
    values[name] =
      configured === 'true' ? number(`--${name}`, String(nameless.shift())) : number(name, configured);
  }
  if (nameless.length > 0) throw new Error(`${nameless[0]} belongs to no option: ${USAGE}`);
  return { minutes: values.minutes ?? null, seed: values.seed ?? given.seed, rows };
}

function split(argument: string): readonly [string, string | undefined] {
  const at = argument.startsWith('--') ? argument.indexOf('=') : -1;
  return at < 0 ? [argument, undefined] : [argument.slice(0, at), argument.slice(at + 1)];
}

function number(name: string, text: string | undefined): number {
  const value = Number(text);
  if (text === undefined || text.trim() === '' || !(value >= 0))
    throw new Error(`${name} needs a number: ${USAGE}`);
  return value;
}
