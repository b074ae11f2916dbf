// How the user says which field of theirs is ours: --map, and a file of the same.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { USUAL } from '../../answers/names.ts';
import { digestOf } from '../../core/canonical.ts';
import type { Mapping } from '../../exchange/imported.ts';
import { CommandError } from '../open/command-error.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';

/** What the user says of their file. */
export type GivenMapping = {
  /** Which field of theirs is ours, by ours; dotted paths. */
  readonly fields: { readonly [ours: string]: string };
  /** Where a score stands that comes with the answers, by the name under which it is kept. */
  readonly scores: { readonly [name: string]: string };
  /** What their first run is called: 0 or 1. */
  readonly runsFrom: number;
  /** Everything in the files is of this variant; null = they say it. */
  readonly variant: string | null;
};

/** Texts of the command line -> what they say. @throws CommandError where they say nothing, or a file cannot be read */
export async function readMapping(
  world: World,
  texts: {
    /** ours=theirs */
    readonly map?: readonly string[];
    /** field, or name=field */
    readonly score?: readonly string[];
    /** A file of `ours: theirs`: YAML or JSON. */
    readonly mapping?: string;
    readonly runsFrom: string;
    readonly variant?: string;
  },
): Promise<GivenMapping> {
  const fields: Record<string, string> = { ...(await mappingFile(world, texts.mapping)) };
  for (const pair of texts.map ?? []) {
    const [ours = '', theirs = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    if (!pair.includes('=') || !Object.hasOwn(USUAL, ours) || theirs === '') {
      throw new CommandError(
        `--map ${JSON.stringify(pair)}: write ours=theirs, ours being one of ${Object.keys(USUAL).join(', ')}`,
      );
    }
    fields[ours] = theirs;
  }
  if (!/^\d{1,6}$/.test(texts.runsFrom))
    throw new CommandError('--runs-from takes the number of their first run: 0 or 1');
  const scores = scoresOf(texts.score ?? []);
  return { fields, scores, runsFrom: Number(texts.runsFrom), variant: texts.variant ?? null };
}

/** And what the manifest knows of it. */
export function mappingFor(experiment: Experiment, given: GivenMapping): Mapping {
  return { ...given, known: new Set(experiment.variants.keys()), asked: askedIn(experiment) };
}

/** `ours: theirs`, a line a field. */
async function mappingFile(world: World, name: string | undefined): Promise<GivenMapping['fields']> {
  if (name === undefined) return {};
  const { parseYaml } = await import('../../manifest/documents/parse.ts');
  const file = path.resolve(world.cwd, name);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandError(`cannot read --mapping ${name}: ${(cause as Error).message}`);
  }
  const { document, problems } = parseYaml({ file, text });
  const value = document?.value;
  if (problems.length > 0) throw new CommandError(`${name}: ${problems[0]!.message}`);
  const entries = Object.entries((value ?? {}) as object);
  const wrong = entries.find(([ours, theirs]) => !Object.hasOwn(USUAL, ours) || typeof theirs !== 'string');
  if (wrong || Array.isArray(value) || entries.length === 0) {
    throw new CommandError(
      `${name} holds a line "ours: theirs" a field, ours being one of ${Object.keys(USUAL).join(', ')}${wrong ? `; not ${JSON.stringify(wrong[0])}` : ''}`,
    );
  }
  return Object.fromEntries(entries) as GivenMapping['fields'];
}

/** `grade`, or `correct=metrics.exact`: the name by which it is kept, and where it stands. */
function scoresOf(pairs: readonly string[]): { readonly [name: string]: string } {
  const scores: Record<string, string> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    const [name, path] = at < 0 ? [pair, pair] : [pair.slice(0, at), pair.slice(at + 1)];
    if (name.trim() === '' || path === '' || name.length > 200) {
      throw new CommandError(
        `--score ${JSON.stringify(pair)}: write the field in which the score stands, or name=field`,
      );
    }
    scores[name] = path;
  }
  return scores;
}

/** A table of promptfoo has no ids: what a row asks is its variables, in its output as well. */
function askedIn({ manifest }: Experiment): ReadonlyMap<string, string> {
  const asked = new Map<string, string>();
  const twice = new Set<string>();
  for (const { id, input, vars } of manifest.scenarios) {
    if (input !== '' || Object.keys(vars).length === 0) continue;
    const digest = digestOf(vars);
    if (asked.has(digest)) twice.add(digest);
    asked.set(digest, id);
  }
  for (const digest of twice) asked.delete(digest);
  return asked;
}
