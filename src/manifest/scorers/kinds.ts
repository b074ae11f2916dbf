// What kind of scorer is meant, what it is called, and what is written beside it that nobody would read.
import path from 'node:path';
import type { Scorer as RawScorer } from '../../core/generated/experiment.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import { isTakenName, SCORER_KINDS } from '../../scoring/expectations/expectation.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import type { Declared } from '../scenarios/expectations.ts';
import { precomputedName } from './precomputed.ts';

export type Kind = (typeof SCORER_KINDS)[number];

/** `- tool_calls` is `- tool_calls: null`; a word that is no kind stays for `kindOf` to complain about. */
export function bare(kind: string): RawScorer {
  return { [kind]: null } as RawScorer;
}

/** null: it says none, or two; that was told. */
export function kindOf(
  {
    reading,
    own,
    raw: written,
  }: { readonly reading: Reading; readonly own: JsonPath; readonly raw: string | RawScorer },
  raw: RawScorer,
): Kind | null {
  const kinds = SCORER_KINDS.filter((kind) => raw[kind] !== undefined);
  const [kind] = kinds;
  const known = `known here: ${SCORER_KINDS.join(', ')}`;
  if (typeof written === 'string' && (kind === undefined || kind === 'use' || kind === 'command')) {
    const message =
      kind === undefined
        ? `there is no scorer ${JSON.stringify(written)}`
        : `${JSON.stringify(kind)} does not say what to run`;
    const example = kind === 'use' ? 'write: use: ./score.ts' : 'write: command: [python3, score.py]';
    const hint = kind === undefined ? (didYouMean(written, SCORER_KINDS) ?? known) : example;
    say(reading, { path: own, code: 'unknown-scorer', message, hint });
    return null;
  }
  if (kind === undefined) {
    say(reading, {
      path: own,
      code: 'missing-key',
      message: 'this scorer does not say what kind it is',
      hint: known,
    });
    return null;
  }
  if (kinds.length > 1) {
    const message = `this scorer has ${kinds.map((one) => JSON.stringify(one)).join(' and ')}: each is a scorer of its own`;
    say(reading, { path: [...own, kinds[1]!], part: 'key', code: 'two-kinds', message, hint: null });
    return null;
  }
  return kind;
}

/** What names the kind; of a file its stem; of autoevals the scorer, as there may be several. */
export function defaultName(kind: Kind, raw: RawScorer): string {
  if (kind === 'use') return path.posix.parse(raw.use!.replaceAll('\\', '/')).name;
  if (kind === 'precomputed') return precomputedName(raw.precomputed) ?? kind;
  if (kind !== 'autoevals') return kind;
  const written = raw.autoevals as Json | undefined;
  const scorer = isJsonObject(written) ? written.scorer : written;
  return typeof scorer === 'string' && scorer !== '' ? scorer : kind;
}

const OF_PROGRAMS = ['options', 'inputs'] as const;
const OF_COMMANDS = ['protocol', 'env', 'pass_env', 'processes', 'in_flight'] as const;

/** A setting that nobody reads is a wish that nobody grants: it is said. */
export function checkStray(input: {
  readonly reading: Reading;
  readonly own: JsonPath;
  readonly raw: RawScorer;
  readonly kind: Kind;
}): void {
  const { reading, own, raw, kind } = input;
  const stray = (name: string, what: string): void =>
    say(reading, {
      ...{
        path: [...own, name],
        part: 'key',
        code: 'wrong-value',
        message: `${JSON.stringify(name)} is for ${what}`,
      },
      hint: name === 'options' ? `write them inside "${kind}:"` : null,
    });
  const isProgram = kind === 'use' || kind === 'command';
  for (const name of OF_PROGRAMS)
    if (raw[name] !== undefined && !isProgram) stray(name, 'scorers with "use" or "command"');
  for (const name of OF_COMMANDS)
    if (raw[name] !== undefined && kind !== 'command' && !(name === 'in_flight' && kind === 'use'))
      stray(name, name === 'in_flight' ? 'scorers with "use" or "command"' : 'scorers with "command"');
  if (raw.in_flight !== undefined && kind === 'command' && raw.protocol !== 'stream')
    stray('in_flight', 'protocol: stream');
}

/** Names are told apart without regard to case, as their files are, and none means two things in an expectation. */
export function reportNames(reading: Reading, declared: readonly Declared[]): void {
  const first = new Map<string, Declared>();
  for (const one of declared) {
    const { scorer, own } = one;
    const target = { path: [...own, 'name'], part: 'value' } as const;
    const written = scorer.kind === 'code' ? 'use' : scorer.kind;
    if (isTakenName(scorer.name, written)) {
      const message = `${JSON.stringify(scorer.name)} is the name of a rule of its own: a scenario's "expect.${scorer.name}" would mean two things`;
      say(reading, { ...target, code: 'taken-name', message, hint: 'give the scorer another name' });
    }
    const twin = first.get(scorer.slug);
    if (!twin) {
      first.set(scorer.slug, one);
      continue;
    }
    const message =
      twin.scorer.name === scorer.name
        ? `two scorers are named ${JSON.stringify(scorer.name)}`
        : `the scorers ${JSON.stringify(twin.scorer.name)} and ${JSON.stringify(scorer.name)} would share the files ${scorer.slug}*`;
    reading.findings.add(reading.document.file, () => ({
      code: 'duplicate-scorer',
      message,
      hint: 'give each a "name:" of its own',
      location: reading.document.locate(target),
      related: [
        {
          message: 'the first is here',
          location: reading.document.locate({ path: twin.own, part: 'value' }),
        },
      ],
    }));
  }
}
