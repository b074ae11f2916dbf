// The door to `expects_tools` as written -> what each intent is in each variant's tools. Placeholders are filled later, with
// the fields of an expectation.
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ExpectsTools, IntentTool, ValueCheck } from '../../core/scoring.ts';
import { type At, inside, say } from './problem.ts';
import { isCheckMap, readValueCheck } from './read-value.ts';

/** As the schema lets it through. */
export type WrittenTool = string | { readonly name: string; readonly arguments?: JsonObject };
export type WrittenMapping = {
  readonly [intent: string]: { readonly [variant: string]: WrittenTool };
};

/** What cannot be read is told and left out. Paths start at the mapping. */
export function readMapping(written: WrittenMapping, input: At): ExpectsTools {
  const intents = Object.entries(written).map(([intent, tools]) => {
    const read = Object.entries(tools).flatMap(([variant, tool]): [string, IntentTool][] => {
      const one = readTool(tool, inside(input, intent, variant));
      return one === null ? [] : [[variant, one]];
    });
    return [intent, Object.fromEntries(read)] as const;
  });
  // fromEntries defines members and assigns none: an intent may be called `__proto__`.
  return Object.fromEntries(intents);
}

function readTool(written: WrittenTool, input: At): IntentTool | null {
  if (typeof written === 'string') return { name: written, arguments: {} };
  const checks: [string, ValueCheck][] = [];
  let sound = true;
  for (const [path, value] of Object.entries(written.arguments ?? {})) {
    const check = readTemplate(value ?? null, inside(input, 'arguments', path));
    if (check === null) sound = false;
    else checks.push([path, check]);
  }
  return sound ? { name: written.name, arguments: Object.fromEntries(checks) } : null;
}

/** What holds a placeholder can be judged only when it is filled. */
function readTemplate(value: Json, input: At): ValueCheck | null {
  sayEmptyPlaceholders(value, input);
  if (!isJsonObject(value) || !isCheckMap(value)) return readValueCheck(value, input);
  const fixed = Object.fromEntries(
    Object.entries(value).filter(([, wanted]) => placeholdersOf(wanted ?? null).length === 0),
  );
  if (Object.keys(fixed).length > 0 && readValueCheck(fixed, input) === null) return null;
  return value as ValueCheck;
}

function sayEmptyPlaceholders(value: Json, input: At): void {
  if (!placeholdersOf(value).includes('')) return;
  say(input, {
    message: 'this placeholder names no field',
    hint: 'for example {{title}}, {{at}}, {{at.date}}, {{at.time}}: fields beside "intent" in the expectation',
  });
}

/** The names between double braces in all texts of a value, at any depth. */
export function placeholdersOf(value: Json): readonly string[] {
  if (typeof value === 'string')
    return [...value.matchAll(/\{\{([^{}]*)\}\}/g)].map((match) => match[1]!.trim());
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((member) => placeholdersOf((member as Json | undefined) ?? null));
}
