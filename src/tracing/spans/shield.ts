// What may leave an attempt: secrets replaced, long texts cut, inputs and outputs as far as the user lets them. It is done
// before anything is written, so that a spool holds no more than LangSmith may see. Pure.
import { sha256 } from '../../core/canonical.ts';
import type { Redact } from '../../core/redact.ts';
import type { Disclosure, Shield, Span } from '../../core/trace.ts';

/** A text that must not go out as it is, and what stands for it. */
export type Rule = {
  readonly pattern: RegExp;
  readonly replace: string;
  /** What it finds in a text it also finds where that text stands between others. */
  readonly isLocal: boolean;
};

export type ShieldSettings = {
  readonly shield: Shield;
  /** Replaces values of the environment. */
  readonly redact: Redact;
  /** Shapes of credentials that nobody named, and the user's own rules. */
  readonly rules: readonly Rule[];
};

/** The JSON text of the spans as they may be kept and sent. Never throws: at worst the payloads are left out. */
export function shieldSpans(spans: readonly Span[], settings: ShieldSettings): string {
  try {
    const shown = spans.map((span) => disclosed(span, settings.shield));
    if (isHarmless(shown, settings)) return JSON.stringify(shown);
    const clean = makeClean(settings);
    return JSON.stringify(shown.map((span) => cleanSpan(span, clean)));
  } catch (cause) {
    const why = `payloads left out: redaction failed (${cause instanceof Error ? cause.name : 'unknown'})`;
    return JSON.stringify(spans.map((span) => bareSpan(span, why)));
  }
}

/**
 * Whether nothing has to be taken out or cut: nearly always. One search over each different text, all of them as one:
 * what a rule finds in a text it finds there as well. Only anchors and looks around could tell the difference.
 */
function isHarmless(spans: readonly Span[], { shield, redact, rules }: ShieldSettings): boolean {
  if (rules.some(({ isLocal }) => !isLocal)) return false;
  const texts = new Set<string>();
  for (const { name, inputs, outputs, error, extra, tags, events } of spans) {
    gather([name, inputs, outputs, error, extra, tags, events], texts);
  }
  for (const text of texts) if (text.length > shield.maxChars) return false;
  const all = [...texts].join('\0');
  if (redact(all) !== all) return false;
  return rules.every(({ pattern }) => {
    pattern.lastIndex = 0;
    return !pattern.test(all);
  });
}

function gather(value: unknown, into: Set<string>): void {
  if (typeof value === 'string') into.add(value);
  else if (Array.isArray(value)) for (const item of value) gather(item, into);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      into.add(name);
      gather(member, into);
    }
  }
}

/** The same for values that go out beside a trace. */
export type ShieldedValues = {
  inputs(value: unknown): unknown;
  outputs(value: unknown): unknown;
  text(text: string): string;
};

export function shieldedValues(settings: ShieldSettings): ShieldedValues {
  const text = makeClean(settings);
  const { inputs, outputs } = settings.shield;
  return {
    inputs: (value) => cleanDeep(disclose(value, inputs), text),
    outputs: (value) => cleanDeep(disclose(value, outputs), text),
    text,
  };
}

/** The user's rules, compiled: they were checked when the manifest was read. */
export function userRules({ rules }: Shield): readonly Rule[] {
  return rules.map(({ pattern, replace }) => ({
    pattern: new RegExp(pattern, 'gu'),
    replace,
    isLocal: !/\(\?(?!:)|\^|\$/.test(pattern.replaceAll('[^', '[')),
  }));
}

function makeClean({ shield, redact, rules }: ShieldSettings): (text: string) => string {
  const cut = makeCut(shield.maxChars);
  return (text) => cut(applyRules(redact(text), rules));
}

function applyRules(text: string, rules: readonly Rule[]): string {
  let safe = text;
  for (const { pattern, replace } of rules) {
    pattern.lastIndex = 0;
    safe = safe.replace(pattern, replace);
  }
  return safe;
}

/** Ends are worth as much as beginnings: half of each is kept. */
function makeCut(maxChars: number): (text: string) => string {
  const half = Math.floor(maxChars / 2);
  return (text) => {
    if (text.length <= maxChars) return text;
    const left = text.length - 2 * half;
    const [head, tail] = [text.slice(0, half), text.slice(text.length - half)];
    return `${head}\n[expgraph: ${left} characters left out; the record holds all]\n${tail}`.toWellFormed();
  };
}

function disclosed(span: Span, shield: Shield): Span {
  const { events, outputs, ...rest } = span;
  const isFull = shield.outputs === 'full';
  return {
    ...rest,
    ...(shield.metadata === 'full' ? {} : { extra: { metadata: {} } }),
    inputs: disclose(span.inputs, shield.inputs),
    ...(outputs === undefined ? {} : { outputs: withUsage(outputs, disclose(outputs, shield.outputs)) }),
    // Events of a stream are its output, piece by piece.
    ...(events === undefined || !isFull ? {} : { events }),
  };
}

function disclose(value: unknown, how: Disclosure): unknown {
  if (how === 'full') return value;
  return how === 'none' ? {} : { sha256: sha256(JSON.stringify(value) ?? 'null') };
}

/** Numbers of tokens are no content, and LangSmith reckons cost by them. */
function withUsage(outputs: unknown, shown: unknown): unknown {
  if (outputs === shown || typeof outputs !== 'object' || outputs === null || !('usage_metadata' in outputs))
    return shown;
  return { ...(shown as object), usage_metadata: outputs.usage_metadata };
}

/** Ids, order and times are ours: a rule that matches digits must not break them. */
function cleanSpan(span: Span, clean: (text: string) => string): unknown {
  const { id, trace_id, parent_run_id, dotted_order, run_type, start_time, end_time, ...told } = span;
  const parent = parent_run_id === undefined ? {} : { parent_run_id };
  const kept = { id, trace_id, ...parent, dotted_order, run_type, start_time, end_time };
  return { ...kept, ...(cleanDeep(told, clean) as object) };
}

function cleanDeep(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') return clean(value);
  if (Array.isArray(value)) return value.map((item) => cleanDeep(item, clean));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [clean(name), cleanDeep(member, clean)]),
  );
}

/** What is ours: ids, order and times. */
function bareSpan(span: Span, why: string): Span {
  const { id, trace_id, dotted_order, run_type, start_time, end_time } = span;
  const parent = span.parent_run_id === undefined ? {} : { parent_run_id: span.parent_run_id };
  const extra = { metadata: { expgraph_note: why } };
  return {
    id,
    trace_id,
    ...parent,
    dotted_order,
    name: 'span',
    run_type,
    start_time,
    end_time,
    inputs: {},
    extra,
  };
}
