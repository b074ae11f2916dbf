// An intent, `{ intent: create-event, title: bank, at: ... }`, as the tool that means it in one variant.
import { matchesGlob } from '../../core/glob.ts';
import type { Json, JsonObject } from '../../core/json.ts';
import { err, ok, type Result } from '../../core/result.ts';
import type { CallCheck, ExpectsTools, IntentTool, ValueCheck } from '../../core/scoring.ts';
import { dateAndTime, parseMoment } from '../reading/moment.ts';
import { escapePattern } from '../rules/pattern.ts';
import { ownValue } from '../rules/rules.ts';
import { readChecks } from './read-value.ts';

export type IntentCall = { readonly intent: string; readonly fields: JsonObject };

/** An error says which mapping is missing, or which field cannot be put into it. */
export function resolveIntent(
  call: IntentCall,
  input: { readonly variant: string; readonly intents: ExpectsTools },
): Result<CallCheck, string> {
  const { intent, fields } = call;
  const shown = JSON.stringify(intent);
  const mapping = Object.hasOwn(input.intents, intent) ? input.intents[intent] : undefined;
  if (!mapping) return err(`"expects_tools" does not say what the intent ${shown} is`);
  const tool = toolOf(mapping, input.variant);
  if (tool === null) {
    return err(
      `"expects_tools" does not say what the intent ${shown} is in the tools of ${JSON.stringify(input.variant)}`,
    );
  }
  const checks: [string, ValueCheck][] = [];
  for (const [path, template] of Object.entries(tool.arguments)) {
    const filled = fillCheck(template, fields);
    if (filled.kind === 'err') return err(`the intent ${shown}: ${filled.error}`);
    if (filled.value !== null) checks.push([path, filled.value]);
  }
  return ok({ names: [tool.name], arguments: Object.fromEntries(checks) });
}

/** By the variant's name, by the name before its matrix, then by the first glob that fits either. */
export function toolOf(
  mapping: { readonly [variant: string]: IntentTool },
  variant: string,
): IntentTool | null {
  const base = variant.replace(/\[.*$/s, '');
  for (const name of [variant, base]) if (Object.hasOwn(mapping, name)) return mapping[name]!;
  const found = Object.entries(mapping).find(
    ([pattern]) => matchesGlob(pattern, variant) || matchesGlob(pattern, base),
  );
  return found?.[1] ?? null;
}

/** What reads a field that is not given is left out; null: nothing is left. */
function fillCheck(template: ValueCheck, fields: JsonObject): Result<ValueCheck | null, string> {
  const filled: [string, Json][] = [];
  for (const [name, value] of Object.entries(template as JsonObject)) {
    const text = fillValue(value ?? null, { fields, isPattern: name === 'regex' });
    if (text.kind === 'err') return text;
    if (text.value !== undefined) filled.push([name, text.value]);
  }
  if (filled.length === 0) return ok(null);
  const problems: string[] = [];
  const tell = ({ message }: { readonly message: string }) => void problems.push(message);
  const check = readChecks(Object.fromEntries(filled), { path: [], tell, sawSchema: () => {} });
  return check === null ? err(problems.join('; ')) : ok(check);
}

type Filling = { readonly fields: JsonObject; readonly isPattern: boolean };
/** undefined = it reads a field that is not given. */
type Filled = Result<Json | undefined, string>;

function fillValue(value: Json, filling: Filling): Filled {
  if (typeof value === 'string') return fillText(value, filling);
  if (typeof value !== 'object' || value === null) return ok(value);
  const isList = Array.isArray(value);
  const filled: [string, Json][] = [];
  for (const [name, member] of Object.entries(value)) {
    const one = fillValue((member as Json | undefined) ?? null, filling);
    if (one.kind === 'err' || one.value === undefined) return one;
    filled.push([name, one.value]);
  }
  return ok(isList ? filled.map(([, item]) => item) : Object.fromEntries(filled));
}

/** Braces cannot stand inside: each character is looked at twice at most. */
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/** A text that is one placeholder becomes the field itself, list or number; inside of text it becomes text. */
function fillText(text: string, filling: Filling): Filled {
  const whole = /^\{\{([^{}]*)\}\}$/.exec(text);
  if (whole && !filling.isPattern) return fieldOf(whole[1]!, filling.fields);
  let missing: Filled | null = null;
  const filled = text.replace(PLACEHOLDER, (_, name: string) => {
    const field = fieldOf(name, filling.fields);
    if (field.kind === 'err' || field.value === undefined) {
      missing ??= field;
      return '';
    }
    const words = typeof field.value === 'string' ? field.value : JSON.stringify(field.value);
    return filling.isPattern ? escapePattern(words) : words;
  });
  return missing ?? ok(filled);
}

function fieldOf(written: string, fields: JsonObject): Filled {
  const name = written.trim();
  const own = ownValue(fields, name);
  if (own !== undefined) return ok(own);
  const part = /^(.+)\.(date|time)$/s.exec(name);
  const value = part ? ownValue(fields, part[1]!) : undefined;
  if (value === undefined) return ok(undefined);
  const moment = typeof value === 'string' ? parseMoment(value) : null;
  if (moment === null) return err(`${JSON.stringify(part![1])} is no moment such as 2026-02-17T11:00:00Z`);
  return ok(dateAndTime(moment)[part![2] as 'date' | 'time']);
}
