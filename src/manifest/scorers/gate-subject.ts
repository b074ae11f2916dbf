// The left side of a line of `gate:`, such as `variants.applike.categories.sanity.pass`: whose answers, and what of them.
import type { GateMeasure, GateSubject, GateSum } from '../../core/gate-line.ts';
import { matchesGlob } from '../../core/glob.ts';
import { didYouMean, nearest } from '../../core/nearest.ts';

/** What can be named. */
export type GateNames = {
  readonly variants: readonly string[];
  /** Names that a matrix made several variants of. */
  readonly bases: readonly string[];
  readonly categories: readonly string[];
  readonly tags: readonly string[];
  readonly scorers: readonly string[];
  /** `human.<dimension>` and `human.pass`; null = the manifest does not say what people are asked, and any may be meant. */
  readonly humans: readonly string[] | null;
};

/** `needle`: the part of the text that is meant. */
export type GateMistake = {
  readonly code: 'wrong-value' | 'unknown-name' | 'unknown-variant';
  readonly message: string;
  readonly hint: string | null;
  readonly needle: string;
};

/** One subject for each name that a glob or a matrix stands for. */
export type ReadSubjects = readonly { readonly name: string; readonly subject: GateSubject }[] | GateMistake;

type Kind = 'variants' | 'categories' | 'tags' | 'scorers';

/** In the order in which they are written. */
const KINDS: readonly Kind[] = ['variants', 'categories', 'tags', 'scorers'];

const ONE: { readonly [kind in Kind]: string } = {
  variants: 'variant',
  categories: 'category',
  tags: 'tag',
  scorers: 'scorer',
};

/** The first is what is meant where none is written. */
const SUMS: { readonly [measure in GateMeasure]: readonly GateSum[] } = {
  pass: ['mean'],
  score: ['mean'],
  cost: ['total', 'mean', 'p50', 'p95', 'max'],
  tokens: ['total', 'mean', 'p50', 'p95', 'max'],
  latency: ['mean', 'p50', 'p95', 'max'],
  answers: ['total'],
};

export const GATE_MEASURES = Object.keys(SUMS) as readonly GateMeasure[];

export function readSubjects(text: string, names: GateNames): ReadSubjects {
  const chosen: { readonly kind: Kind; readonly written: string; readonly means: readonly string[] }[] = [];
  let rest = text;
  for (let last = -1; ; ) {
    const kind = KINDS.find((one) => rest.startsWith(`${one}.`));
    if (kind === undefined) break;
    const at = KINDS.indexOf(kind);
    if (at <= last) return disordered(kind, chosen.at(-1)!.kind);
    last = at;
    const written = nameAt(rest.slice(kind.length + 1), namesOf(kind, names));
    const means = meant(written.name, kind, names);
    if (means.length === 0) return unknownName(kind, written, names);
    chosen.push({ kind, written: written.text, means });
    rest = rest.slice(kind.length + 1 + written.text.length);
    if (!rest.startsWith('.')) return noMeasure(text);
    rest = rest.slice(1);
  }
  const human = readHuman(rest, { names, isScorerNamed: chosen.some(({ kind }) => kind === 'scorers') });
  const measured = human ?? readMeasure(rest, names);
  if ('needle' in measured) return measured;
  if (chosen.some(({ kind }) => kind === 'scorers') && !isJudged(measured.measure)) {
    const hint = 'scorers say pass and score; leave "scorers" out';
    return { code: 'wrong-value', message: `no scorer says ${measured.measure}`, hint, needle: 'scorers' };
  }
  return combinations(chosen).map((means) => ({
    name: [...KINDS.flatMap((kind) => (means[kind] === undefined ? [] : [kind, means[kind]])), rest].join(
      '.',
    ),
    subject: {
      ...measured,
      variant: means.variants ?? null,
      category: means.categories ?? null,
      tag: means.tags ?? null,
      scorers: human !== null ? [rest] : means.scorers === undefined ? [] : [means.scorers],
    },
  }));
}

/** `human.tone` is its score, `human.pass` whether it passes; null = it is nothing of people's. */
function readHuman(
  text: string,
  { names, isScorerNamed }: { readonly names: GateNames; readonly isScorerNamed: boolean },
): Pick<GateSubject, 'measure' | 'sum'> | GateMistake | null {
  if (!text.startsWith('human.')) return null;
  if (isScorerNamed)
    return {
      code: 'wrong-value',
      message: `${text} says whose word counts, and so does "scorers"`,
      hint: 'leave "scorers" out',
      needle: text,
    };
  const { humans } = names;
  if (humans === null || humans.includes(text))
    return { measure: text === 'human.pass' ? 'pass' : 'score', sum: 'mean' };
  const hint = didYouMean(text, humans) ?? `known: ${humans.join(', ')}`;
  return {
    code: 'unknown-name',
    message: `"review" asks nothing that is called ${text}`,
    hint,
    needle: text,
  };
}

function isJudged(measure: GateMeasure): boolean {
  return measure === 'pass' || measure === 'score';
}

type Means = { readonly [kind in Kind]?: string };

function combinations(
  chosen: readonly { readonly kind: Kind; readonly means: readonly string[] }[],
): readonly Means[] {
  return chosen.reduce<readonly Means[]>(
    (all, { kind, means }) => all.flatMap((one) => means.map((name) => ({ ...one, [kind]: name }))),
    [{}],
  );
}

function namesOf(kind: Kind, names: GateNames): readonly string[] {
  if (kind === 'scorers') return [...names.scorers, ...(names.humans ?? [])];
  return kind === 'variants' ? [...names.variants, ...names.bases] : names[kind];
}

type Written = { readonly name: string; readonly text: string };

/** Names may hold dots: the longest known one counts, then what stands before a known ending, then up to the first dot. */
function nameAt(rest: string, known: readonly string[]): Written {
  const quoted = /^"((?:[^"\\]|\\.)*)"/.exec(rest);
  if (quoted) return { name: quoted[1]!.replace(/\\(.)/g, '$1'), text: quoted[0] };
  const fits = known.filter((name) => rest.startsWith(`${name}.`)).sort((a, b) => b.length - a.length);
  if (fits[0] !== undefined) return { name: fits[0], text: fits[0] };
  const text = ENDING.exec(rest)?.[1] ?? /^(?:[^.[]|\[[^\]]*\]?)*/.exec(rest)![0];
  return { name: text, text };
}

const ENDING = new RegExp(
  `^(.+?)\\.(?:(?:${KINDS.join('|')})\\.|(?:${GATE_MEASURES.join('|')})(?:\\.[a-z0-9]+)?$)`,
);

/** The name itself; all that a matrix made of it; all that it fits as a glob. */
function meant(name: string, kind: Kind, names: GateNames): readonly string[] {
  const all = kind === 'scorers' ? namesOf(kind, names) : names[kind];
  if (all.includes(name)) return [name];
  const made = kind === 'variants' ? all.filter((one) => one.startsWith(`${name}[`)) : [];
  if (made.length > 0) return made;
  return /[*?]/.test(name) ? all.filter((one) => matchesGlob(name, one)) : [];
}

function unknownName(kind: Kind, { name, text }: Written, names: GateNames): GateMistake {
  const known = namesOf(kind, names);
  const isGlob = /[*?]/.test(name);
  const what = `${JSON.stringify(name)}`;
  const there = known.length === 0 ? `this experiment has none` : `known: ${known.slice(0, 12).join(', ')}`;
  return {
    code: kind === 'variants' ? 'unknown-variant' : 'unknown-name',
    message: isGlob ? `${what} matches no ${ONE[kind]}` : `there is no ${ONE[kind]} ${what}`,
    hint: (isGlob ? null : didYouMean(name, known)) ?? there,
    needle: text,
  };
}

function disordered(kind: Kind, before: Kind): GateMistake {
  const message = kind === before ? `"${kind}" is twice in this name` : `"${kind}" stands before "${before}"`;
  const hint = 'the order is variants.NAME.categories.NAME.tags.NAME.scorers.NAME.pass, each at most once';
  return { code: 'wrong-value', message, hint, needle: `${kind}.` };
}

function noMeasure(text: string): GateMistake {
  const message = 'this says whose answers are measured, and not what of them';
  const hint = `add one of them: ${GATE_MEASURES.map((one) => `.${one}`).join(' ')}`;
  return { code: 'wrong-value', message, hint, needle: text };
}

function readMeasure(text: string, names: GateNames): Pick<GateSubject, 'measure' | 'sum'> | GateMistake {
  const [word = '', sum, ...more] = text.split('.');
  const measure = GATE_MEASURES.find((one) => one === word);
  if (measure === undefined) return unknownMeasure(text, names);
  const sums = SUMS[measure];
  const found = sum === undefined ? sums[0]! : sums.find((one) => one === sum);
  if (found !== undefined && more.length === 0) return { measure, sum: found };
  const written = text.slice(word.length + 1);
  const hint =
    sums.length === 1
      ? `write ${measure}`
      : `write ${[measure, ...sums.slice(1).map((one) => `${measure}.${one}`)].join(', ')}`;
  return {
    code: 'wrong-value',
    message: `${measure} has no ${JSON.stringify(written)}`,
    hint: (sums.length > 1 ? didYouMean(written, sums) : null) ?? hint,
    needle: written === '' ? text : written,
  };
}

function unknownMeasure(text: string, names: GateNames): GateMistake {
  const message = `${JSON.stringify(text.slice(0, 80))} is nothing that can be measured`;
  const said = { code: 'wrong-value', message, needle: text } as const;
  if (/^(failed|missing|complete|errors?)$/.test(text)) {
    const hint = 'a run in which something failed or is missing exits with 1, whatever the gate';
    return { ...said, hint };
  }
  const [first = '', ...rest] = text.split('.');
  const singular = KINDS.find((kind) => ONE[kind] === first || nearest(first, [kind]) === kind);
  if (singular !== undefined && rest.length > 0)
    return { ...said, hint: `did you mean ${JSON.stringify([singular, ...rest].join('.'))}?` };
  const owner = KINDS.find((kind) => namesOf(kind, names).some((name) => text.startsWith(`${name}.`)));
  if (owner !== undefined) return { ...said, hint: `did you mean ${JSON.stringify(`${owner}.${text}`)}?` };
  const hint = didYouMean(text, GATE_MEASURES) ?? `known: ${GATE_MEASURES.join(', ')}`;
  return { ...said, hint };
}
