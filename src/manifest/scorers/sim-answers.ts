// `sim: { answers }`: what the simulation is told to answer, of the manifest or a file of its own, held against the ids
// of the scenarios and the names of the variants.
import path from 'node:path';
import type { Location } from '../../core/diagnostic.ts';
import { matchesGlob } from '../../core/glob.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Provider } from '../../core/manifest.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { Played, PlayedRule, PlayedRun, PlayedScript, PlayedTurn } from '../../core/played.ts';
import { openDocument } from '../documents/document.ts';
import { MAX_DOCUMENT_BYTES } from '../documents/read.ts';
import type { JsonPath, Target } from '../errors/place.ts';
import { mistakesOf } from '../errors/validate.ts';
import type { Reading } from '../reading.ts';

type Known = { readonly scenarios: readonly string[]; readonly variants: readonly string[] };

/** Each simulation with what it plays: its own answers, else those of the top level. */
export function withPlayed(
  reading: Reading,
  input: { readonly providers: ReadonlyMap<string, Provider> } & Known,
): ReadonlyMap<string, Provider> {
  const { raw } = reading;
  let common: Played | null | undefined;
  // Read where somebody plays it: an experiment that has moved on to a real model hears nothing of it.
  const shared = (): Played | null => {
    if (common === undefined)
      common = raw.sim?.answers === undefined ? null : playedAt(reading, ['sim', 'answers'], input);
    return common;
  };
  const told = [...input.providers].map(([name, provider]): [string, Provider] => {
    if (provider.type !== 'sim') return [name, provider];
    const isOwn = raw.providers?.[name]?.sim?.answers !== undefined;
    const played = isOwn ? playedAt(reading, ['providers', name, 'sim', 'answers'], input) : shared();
    return [name, played === null ? provider : { ...provider, played }];
  });
  return new Map(told);
}

type Written = {
  readonly raw: JsonObject;
  readonly file: string;
  readonly locate: (target: Target) => Location;
};

function playedAt(reading: Reading, at: JsonPath, known: Known): Played | null {
  const written = writtenAt(reading, at);
  if (written === null) return null;
  const scripts: PlayedScript[] = [];
  const rules: PlayedRule[] = [];
  const add = (script: PlayedScript): number => scripts.push(script) - 1;
  for (const [scenario, answer] of Object.entries(written.raw)) {
    checkName(reading, {
      written,
      path: [scenario],
      name: scenario,
      what: 'scenario',
      known: known.scenarios,
    });
    checkParts(reading, { written, path: [scenario], answer });
    const own = isJsonObject(answer) && isJsonObject(answer.variants) ? answer.variants : null;
    if (own === null) {
      rules.push({ scenario, variant: null, script: add(scriptFrom(answer)) });
      continue;
    }
    const names = [...new Set(known.variants.flatMap((name) => [name, name.replace(/\[.*$/s, '')]))];
    // Names before globs, as with ids.
    const entries = Object.entries(own);
    const ordered = [
      ...entries.filter(([name]) => names.includes(name)),
      ...entries.filter(([name]) => !names.includes(name)),
    ];
    for (const [variant, one] of ordered) {
      const place = [scenario, 'variants', variant];
      checkName(reading, { written, path: place, name: variant, what: 'variant', known: names });
      checkParts(reading, { written, path: place, answer: one });
      rules.push({ scenario, variant, script: add(scriptFrom(one)) });
    }
  }
  return { scripts, rules };
}

function writtenAt(reading: Reading, at: JsonPath): Written | null {
  const { document, folder, findings } = reading;
  const value = at.reduce<unknown>(
    (holder, step) => (holder as { readonly [name: string | number]: unknown } | undefined)?.[step],
    reading.raw,
  );
  if (typeof value !== 'string') {
    const locate = (target: Target): Location =>
      document.locate({ ...target, path: [...at, ...target.path] });
    return { raw: value as JsonObject, file: document.file, locate };
  }
  const file = path.resolve(folder, value);
  const opened = openDocument({
    file,
    shown: value,
    folder,
    findings,
    maxBytes: MAX_DOCUMENT_BYTES,
    namedAt: () => document.locate({ path: at, part: 'value' }),
  });
  if (opened === null) return null;
  const mistakes = mistakesOf('sim-answers', opened.value);
  for (const { path: where, part, say, alike } of mistakes) {
    findings.add(file, () => ({ ...say(), location: opened.locate({ path: where, part }) }), alike);
  }
  return mistakes.length > 0 ? null : { raw: opened.value as JsonObject, file, locate: opened.locate };
}

/** Answers for nobody harm nobody, and cases come and go: it is said, and no more. */
function checkName(
  { findings }: Reading,
  input: {
    readonly written: Written;
    readonly path: JsonPath;
    readonly name: string;
    readonly what: 'scenario' | 'variant';
    readonly known: readonly string[];
  },
): void {
  const { written, name, what, known } = input;
  if (known.length === 0 || known.includes(name) || known.some((one) => matchesGlob(name, one))) return;
  const isGlob = /[*?]/.test(name);
  const shown = known.slice(0, MAX_SHOWN).join(', ');
  const more = known.length > MAX_SHOWN ? `, and ${known.length - MAX_SHOWN} more` : '';
  findings.add(
    written.file,
    () => ({
      severity: 'warning',
      code: isGlob ? 'empty-glob' : `unknown-${what}`,
      message: `${isGlob ? `${JSON.stringify(name)} matches no ${what}` : `there is no ${what} ${JSON.stringify(name)}`}: this answer is never played`,
      hint: didYouMean(name, known) ?? `known here: ${shown}${more}`,
      location: written.locate({ path: input.path, part: 'key' }),
    }),
    JSON.stringify(['sim-answers', what, name]),
  );
}

const MAX_SHOWN = 12;

/** What may not stand side by side: the schema tells types apart, and these are all maps. */
function checkParts(
  { findings }: Reading,
  input: { readonly written: Written; readonly path: JsonPath; readonly answer: unknown },
): void {
  const { written, path: base, answer } = input;
  const look = (value: unknown, where: JsonPath): void => {
    if (Array.isArray(value)) for (const [i, item] of value.entries()) look(item, [...where, i]);
    if (!isJsonObject(value)) return;
    const alone = ['variants', 'likely', 'turns', 'error'].find((name) => value[name] !== undefined);
    const other = alone && Object.keys(value).find((name) => name !== alone && name !== 'weight');
    if (alone && other) {
      findings.add(written.file, () => ({
        code: 'wrong-value',
        message: `"${alone}" stands alone: the answer is that, and "${other}" beside it would never be given`,
        hint: alone === 'turns' ? 'write it as one of the turns' : `leave one of them out`,
        location: written.locate({ path: [...where, other], part: 'key' }),
      }));
    }
    if (value.weight !== undefined && Object.keys(value).length === 1) {
      findings.add(written.file, () => ({
        code: 'wrong-value',
        message: 'a weight, and no answer that has it',
        hint: 'for example: { weight: 3, text: Paris }',
        location: written.locate({ path: where, part: 'value' }),
      }));
    }
    look(value.turns, [...where, 'turns']);
    look(value.likely, [...where, 'likely']);
  };
  look(answer, base);
}

/** Of something that the schema let pass. */
function scriptFrom(answer: unknown): PlayedScript {
  if (isJsonObject(answer) && Array.isArray(answer.likely)) {
    const weightOf = (one: unknown): number => (isJsonObject(one) ? ((one.weight as number) ?? 1) : 1);
    return { likely: answer.likely.map((one) => ({ weight: weightOf(one), run: runFrom(one) })) };
  }
  return Array.isArray(answer) ? answer.map(runFrom) : [runFrom(answer)];
}

function runFrom(value: unknown): PlayedRun {
  return isJsonObject(value) && Array.isArray(value.turns) ? value.turns.map(turnFrom) : [turnFrom(value)];
}

function turnFrom(value: unknown): PlayedTurn {
  if (!isJsonObject(value)) return { kind: 'say', text: String(value), calls: [] };
  const { text = null, tool_calls: calls = [], error } = value;
  if (error !== undefined) {
    const told = isJsonObject(error) ? error : { status: error };
    const { status, message = null } = told;
    return { kind: 'error', status: status as number, message: message as string | null };
  }
  return {
    kind: 'say',
    text: text as string | null,
    calls: (calls as readonly JsonObject[]).map((call) => ({
      name: call.name as string,
      arguments: (call.arguments as JsonObject | undefined) ?? {},
    })),
  };
}
