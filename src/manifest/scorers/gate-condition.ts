// The right side of a line of `gate:`, such as `>= 0.9` or `no worse than baseline by 0.05, 95%`.
import path from 'node:path';
import { parseDuration } from '../../core/duration.ts';
import type {
  GateAt,
  GateCondition,
  GateMargin,
  GateMeasure,
  GateReference,
  GateSign,
  GateSubject,
} from '../../core/gate-line.ts';
import { isInvocationId } from '../../core/invocation-id.ts';
import { didYouMean } from '../../core/nearest.ts';
import { writtenTime } from '../../core/written-time.ts';
import type { GateMistake, GateNames } from './gate-subject.ts';

type At = {
  readonly subject: Pick<GateSubject, 'measure' | 'sum' | 'variant'>;
  readonly names: GateNames;
  /** Folders are relative to it. */
  readonly folder: string;
};

export function readCondition(text: string, input: At): GateCondition | GateMistake {
  const { body, at: bound } = withoutTail(text);
  if (typeof bound !== 'string') return bound;
  const number = /^(>=|<=|≥|≤|==|=>|=<|=|!=|>|<)\s*(.*)$/s.exec(body);
  if (number) return readNumber({ sign: number[1]!, written: number[2]!, bound }, input);
  const relation = /^(no\s+worse|better)\s+than\s+(.+)$/s.exec(body);
  if (relation) return readRelation({ kind: relation[1]!, rest: relation[2]!, bound }, input);
  return notUnderstood(text, body);
}

/** `, 95%` at the end. */
function withoutTail(text: string): { readonly body: string; readonly at: GateAt | GateMistake } {
  const tail = /^(.*?)\s*,\s*([0-9.]+)\s*%?\s*(?:interval|ci)?$/is.exec(text.trim());
  if (!tail) return { body: text.trim(), at: 'seen' };
  if (Number(tail[2]) === 95) return { body: tail[1]!, at: 'bound' };
  const message = 'intervals are of 95 %, as those of compare';
  return { body: tail[1]!, at: mistake(tail[2]!, message, 'write ", 95%", or leave it out') };
}

function readNumber(
  input: { readonly sign: string; readonly written: string; readonly bound: GateAt },
  { subject }: At,
): GateCondition | GateMistake {
  const { written, bound } = input;
  const sign = SIGNS[input.sign];
  if (sign === undefined) {
    const hint =
      { '=': 'write ==', '=>': 'write >=', '=<': 'write <=' }[input.sign] ?? `known: ${KNOWN_SIGNS}`;
    return mistake(input.sign, `${JSON.stringify(input.sign)} compares nothing`, hint);
  }
  const value = amountOf(written, subject.measure);
  if (typeof value !== 'number') return value;
  const isShare = subject.measure === 'pass' || subject.measure === 'score';
  if (isShare && ((sign === '>' && value === 1) || (sign === '<' && value === 0)))
    return mistake(`${input.sign} ${written}`, `${subject.measure} is never ${sign} ${value}`, null);
  const unbound = boundMistake(bound, subject) ?? (bound === 'bound' && sign === '==' ? EQUAL : null);
  return unbound ?? { kind: 'number', sign, value, at: bound };
}

const SIGNS: { readonly [written: string]: GateSign | undefined } = {
  '>=': '>=',
  '≥': '>=',
  '<=': '<=',
  '≤': '<=',
  '>': '>',
  '<': '<',
  '==': '==',
};
const KNOWN_SIGNS = '>= <= > < ==';
const EQUAL = mistake('==', 'an interval is not equal to a number', 'write >= or <= with ", 95%"');

/** Intervals are of means over scenarios. */
function boundMistake(at: GateAt, { measure, sum }: At['subject']): GateMistake | null {
  if (at === 'seen' || sum === 'mean') return null;
  const hint = measure === 'answers' ? 'leave ", 95%" out' : `measure ${measure}.mean, or leave ", 95%" out`;
  return mistake('95', `a ${sum} has no interval: it is of means over scenarios`, hint);
}

const NUMBER = /^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/;

/** In the unit of the measure: a share, USD, tokens, milliseconds. */
function amountOf(written: string, measure: GateMeasure): number | GateMistake {
  const text = written.trim();
  if (text === '')
    return mistake(written, 'a number is missing here', `write for example ${EXAMPLES[measure]}`);
  const wrong = (hint: string): GateMistake =>
    mistake(text, `${JSON.stringify(text)} is no ${UNITS[measure]}`, hint);
  if (text.length > 40) return wrong(`write for example ${EXAMPLES[measure]}`);
  switch (measure) {
    case 'pass':
    case 'score': {
      const percent = /^(.*?)\s*%$/.exec(text)?.[1];
      const number = percent ?? text;
      if (!NUMBER.test(number)) return wrong('write for example 0.9 or 90%');
      const value = percent === undefined ? Number(number) : Number(number) / 100;
      return value > 1
        ? wrong(
            value <= 100 && percent === undefined
              ? `write ${number}% or ${value / 100}`
              : 'it lies between 0 and 1',
          )
        : value;
    }
    case 'cost': {
      const number = text.replace(/^\$\s*|\s*USD$/i, '');
      return NUMBER.test(number) ? Number(number) : wrong('it is in USD: write for example 0.50 or $0.50');
    }
    case 'latency': {
      const ms = /^\d+(?:\.\d+)?\s*(?:ms|s|m|h)$/.test(text) ? parseDuration(text.replace(/\s+/g, '')) : null;
      return ms ?? wrong('write for example 800ms or 2s');
    }
    case 'tokens':
    case 'answers':
      return NUMBER.test(text) ? Number(text) : wrong(`write for example ${EXAMPLES[measure]}`);
  }
}

const UNITS: { readonly [measure in GateMeasure]: string } = {
  pass: 'share between 0 and 1',
  score: 'score between 0 and 1',
  cost: 'amount of money',
  latency: 'length of time',
  tokens: 'number of tokens',
  answers: 'number of answers',
};

const EXAMPLES: { readonly [measure in GateMeasure]: string } = {
  pass: '>= 0.9',
  score: '>= 0.9',
  cost: '<= 0.50',
  latency: '<= 2s',
  tokens: '<= 200000',
  answers: '>= 60',
};

function readRelation(
  input: { readonly kind: string; readonly rest: string; readonly bound: GateAt },
  context: At,
): GateCondition | GateMistake {
  const { subject } = context;
  const kind = input.kind === 'better' ? 'better' : 'no-worse';
  if (subject.measure === 'answers')
    return mistake(input.kind, 'more answers are neither better nor worse', 'write for example >= 60');
  const unbound = boundMistake(input.bound, subject);
  if (unbound) return unbound;
  const { target, margin } = splitMargin(input.rest);
  const than = readReference(target, context);
  if ('needle' in than) return than;
  if (margin === null) return { kind, than, by: null, at: input.bound };
  const by = marginOf(margin, subject.measure);
  return 'needle' in by ? by : { kind, than, by, at: input.bound };
}

/** A name may hold " by ": the last one counts, and none within quotes. */
function splitMargin(rest: string): { readonly target: string; readonly margin: string | null } {
  const quoted = /^((?:imported\s+)?"(?:[^"\\]|\\.)*")(?:\s+by(?:\s+|$)(.*))?$/s.exec(rest);
  if (quoted) return { target: quoted[1]!, margin: quoted[2] ?? null };
  const split = /^(.*)\s+by(?:\s+(.*))?$/s.exec(rest);
  return split ? { target: split[1]!.trim(), margin: split[2] ?? '' } : { target: rest.trim(), margin: null };
}

/** Of a share a percent is a hundredth; of what has no bounds it is a part of what it is held against. */
function marginOf(written: string, measure: GateMeasure): GateMargin | GateMistake {
  const percent = /^\s*([0-9.]+)\s*%\s*$/.exec(written)?.[1];
  const isShare = measure === 'pass' || measure === 'score';
  if (percent === undefined || isShare || !NUMBER.test(percent)) {
    const value = amountOf(written, measure);
    if (typeof value === 'number') return { kind: 'amount', value };
    const hint = { pass: '0.05', score: '0.05', cost: '$0.01 or 10%', latency: '200ms or 10%' }[
      measure as 'pass'
    ];
    return { ...value, hint: `write for example by ${hint ?? '500 or 10%'}` };
  }
  return { kind: 'percent', value: Number(percent) / 100 };
}

function readReference(target: string, input: At): GateReference | GateMistake {
  const quoted = unquoted(target);
  const name = quoted ?? target;
  const { variants, bases } = input.names;
  if (variants.includes(name)) return armOf(target, { kind: 'variant', variant: name }, input);
  const other = quoted === null ? notToday(target, input) : null;
  if (other !== null) return other;
  const made = variants.filter((one) => one.startsWith(`${name}[`));
  if (bases.includes(name) && made.length > 0) {
    const message = `${JSON.stringify(name)} is ${made.length} variants: it takes one of them`;
    return { code: 'unknown-variant', message, hint: `known: ${made.slice(0, 6).join(', ')}`, needle: name };
  }
  const guess = didYouMean(name, [...variants, ...(quoted === null ? ['previous', `./${name}`] : [])]);
  const known = `known: ${variants.slice(0, 12).join(', ')}; or imported NAME, previous, invocation 12, ./a/folder`;
  const message = `there is no variant ${JSON.stringify(name)}`;
  return { code: 'unknown-variant', message, hint: guess ?? known, needle: name };
}

/** An earlier state, another store, imported answers; null = it looks like none of them. */
function notToday(text: string, input: At): GateReference | GateMistake | null {
  if (text === 'previous') return { kind: 'previous' };
  const shown = JSON.stringify(text);
  const [, word, name = ''] = /^(imported|invocation)\s+(.+)$/s.exec(text) ?? [];
  if (word === 'imported') return armOf(text, { kind: 'imported', variant: unquoted(name) ?? name }, input);
  if (word === 'invocation') {
    if (/^\d{1,9}$/.test(name) || isInvocationId(name)) return { kind: 'moment', text: name };
    return mistake(name, `${JSON.stringify(name)} is no invocation`, 'write for example invocation 12');
  }
  if (/^\d{4}-\d\d-\d\d/.test(text)) {
    if (writtenTime(text) !== null) return { kind: 'moment', text };
    return mistake(text, `${shown} is no date`, 'write for example 2026-02-01 or 2026-02-01T12:00Z');
  }
  if (/^(?:\.{1,2}(?:[\\/]|$)|[\\/]|[A-Za-z]:[\\/])/.test(text))
    return { kind: 'store', folder: path.resolve(input.folder, text), shown: text };
  if (!/^\d+$/.test(text)) return null;
  return mistake(text, `${shown} is no variant`, `write "invocation ${text}" if that is meant`);
}

/** null = it stands in no quotes. */
function unquoted(text: string): string | null {
  return /^"((?:[^"\\]|\\.)*)"$/.exec(text)?.[1]?.replace(/\\(.)/g, '$1') ?? null;
}

function armOf(
  written: string,
  arm: Extract<GateReference, { readonly variant: string }>,
  { subject, names }: At,
): GateReference | GateMistake {
  if (subject.variant !== null) return arm;
  const { measure } = subject;
  const other = names.variants.find((name) => name !== arm.variant) ?? 'NAME';
  const message = `this does not say which variant is held against ${JSON.stringify(arm.variant)}`;
  const hint = `write variants.${other}.${measure}, or variants.*.${measure} for every other variant`;
  return mistake(written, message, hint);
}

function notUnderstood(text: string, body: string): GateMistake {
  const hint = 'write a sign and a number (>= 0.9), or "no worse than NAME by 0.05", "better than NAME"';
  if (NUMBER.test(body.replace(/\s*%$/, '')))
    return mistake(body, 'a number alone is no condition', `write for example ">= ${body}"`);
  if (body === '') return mistake(text, 'there is no condition here', hint);
  const near = /^(?:not?\s+worse(?:\s+th[ae]n)?|worse|better(?:\s+th[ae]n)?|at\s+least|at\s+most)\b/i.exec(
    body,
  )?.[0];
  if (near && /^at/i.test(near))
    return mistake(near, `${JSON.stringify(near)} is no sign`, `write ${/least/i.test(near) ? '>=' : '<='}`);
  return mistake(near ?? body, `${JSON.stringify(near ?? body.slice(0, 60))} is no condition`, hint);
}

function mistake(needle: string, message: string, hint: string | null): GateMistake {
  return { code: 'wrong-value', message, hint, needle };
}
