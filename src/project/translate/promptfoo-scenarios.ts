// Tests of promptfoo -> scenarios.
import path from 'node:path';
import type { Json, JsonObject } from '../../core/json.ts';
import { nameProblem } from '../../manifest/documents/names.ts';
import { makeNamer, slug } from './names.ts';
import { namesIn, translateTemplate } from './nunjucks.ts';
import { type AssertsContext, expectationOf } from './promptfoo-asserts.ts';
import type { Test } from './promptfoo-test.ts';
import { leave, type Placed } from './source.ts';

type ScenariosContext = AssertsContext & {
  /** What a template reads without `vars.`. */
  readonly own: ReadonlySet<string>;
  /** Every variable that a prompt reads. */
  readonly read: ReadonlySet<string>;
};

/** Tables that lie below the manifest and need nothing but themselves; null: tests are written anew. */
export function tablesInPlace({ value, source }: Placed<Json>, folder: string): readonly string[] | null {
  const list = typeof value === 'string' ? [value] : Array.isArray(value) ? (value as readonly Json[]) : [];
  const names = list.map((one) => (typeof one === 'string' ? one.replace(/^file:\/\//, '') : ''));
  if (names.length === 0 || !names.every((name) => /^[^*?[\]{}:]+\.[ct]sv$/i.test(name))) return null;
  const shown = names.map((name) =>
    path.relative(folder, path.resolve(source.folder, name)).replaceAll('\\', '/'),
  );
  return shown.some((name) => name.startsWith('../')) ? null : shown;
}

export function scenarioEntries(tests: readonly Test[], context: ScenariosContext): readonly JsonObject[] {
  const ids = idsOf(tests);
  const lacking = [...context.read].filter((name) => tests.some(({ vars }) => !Object.hasOwn(vars, name)));
  if (lacking.length > 0)
    context.notes.told.push(
      `Not every test has ${lacking.join(', ')}: promptfoo puts nothing in its place, and so is it here`,
    );
  const namer = makeNamer(ids.filter((id) => id !== null));
  const entries = tests.map((test, i) => {
    const entry = entryOf(test, ids[i]!, context);
    // Prompts without variables: nothing that is asked tells such tests apart.
    const isBare = entry.input === undefined && entry.vars === undefined;
    return isBare ? { id: entry.id ?? namer(`test-${i + 1}`), input: '', ...entry } : entry;
  });
  return entries.length > 0
    ? entries
    : [{ id: 'once', ...(context.read.size === 0 ? { input: '' } : { vars: nothing(context.read) }) }];
}

function entryOf(test: Test, id: string | null, context: ScenariosContext): JsonObject {
  const vars = { ...nothing(context.read), ...filledVars(test, context) };
  const texts = new Map(
    Object.entries(vars).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
  if (test.threshold !== null)
    leave(context.notes, test.placed, {
      what: 'test threshold',
      why: 'all of an expectation has to hold: a share that is enough is pass_at of a scorer',
    });
  const asserted = expectationOf(test.asserts, texts, context);
  if (test.expect !== null) {
    const { judge, promptfoo: _kept, ...rules } = test.expect;
    if (judge !== undefined) context.needed.rubrics++;
    if (Object.keys(rules).length > 0) context.needed.rules = true;
  }
  const expect = both(test.expect, asserted);
  const { own } = context;
  const ours = Object.entries(vars).filter(([name]) => own.has(name));
  const theirs = Object.entries(vars).filter(([name]) => !own.has(name));
  return {
    ...(id === null ? {} : { id }),
    ...Object.fromEntries(ours.filter(([name]) => name === 'input')),
    ...labelsOf(test),
    ...(theirs.length === 0 ? {} : { vars: Object.fromEntries(theirs) }),
    ...(expect === null ? {} : { expect }),
  };
}

function both(one: JsonObject | null, other: JsonObject | null): JsonObject | null {
  if (one === null || other === null) return one ?? other;
  const { judge, promptfoo, ...rules } = one;
  const { judge: judge2, promptfoo: kept2, ...rules2 } = other;
  const all = [rules, rules2].filter((map) => Object.keys(map).length > 0);
  const rubrics = [judge, judge2].filter((text) => text !== undefined);
  const kept = [promptfoo, kept2].flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []));
  return {
    ...(all.length > 1 ? { all } : (all[0] ?? {})),
    ...(rubrics.length === 0
      ? {}
      : {
          judge:
            rubrics.length === 1
              ? rubrics[0]!
              : `All of this holds:\n${rubrics.map((text) => `- ${String(text)}`).join('\n')}`,
        }),
    ...(kept.length === 0 ? {} : { promptfoo: kept }),
  };
}

function nothing(names: ReadonlySet<string>): { readonly [name: string]: Json } {
  return Object.fromEntries([...names].map((name) => [name, '']));
}

/** Variables may name each other; what asks for more than that is named, and stands as it is. */
function filledVars({ vars, placed }: Test, { notes }: ScenariosContext): JsonObject {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => {
      if (typeof value !== 'string' || !/\{[{%#]/.test(value)) return [name, value];
      const others = namesIn(value);
      const found = translateTemplate(value, new Set(others));
      const isKnown =
        found.kind === 'ok' &&
        others.every(
          (one) => one !== name && typeof vars[one] === 'string' && !/\{[{%#]/.test(String(vars[one])),
        );
      if (isKnown)
        return [
          name,
          value.replace(/\{\{-?\s*([A-Za-z_]\w*)\s*-?\}\}/g, (_, other: string) => String(vars[other])),
        ];
      leave(notes, placed, {
        what: `variable ${name}`,
        why: 'it holds a template, which is not filled in: it is sent as these words',
      });
      return [name, value];
    }),
  );
}

function labelsOf({ metadata, description }: Test): JsonObject {
  const { category, tags, ...others } = metadata;
  const isCategory = typeof category === 'string' && nameProblem('the category', category) === null;
  const listed = Array.isArray(tags)
    ? (tags as readonly Json[]).map(String)
    : typeof tags === 'string'
      ? [tags]
      : [];
  const named = Object.entries(others).flatMap(([name, value]) =>
    typeof value === 'object' || name === 'id' ? [] : [`${name}=${String(value)}`],
  );
  const labels = [...new Set([...listed, ...named])].filter(
    (label) => nameProblem('the tag', label) === null,
  );
  return {
    ...(description === null ? {} : { description }),
    ...(isCategory ? { category } : {}),
    ...(labels.length === 0 ? {} : { tags: labels }),
  };
}

/** What a test is called where only one is called so; the others are told by what is asked. */
function idsOf(tests: readonly Test[]): readonly (string | null)[] {
  const wanted = tests.map(({ metadata, vars, description }) => {
    const told = [metadata.id, vars.id].find((one) => typeof one === 'string' || typeof one === 'number');
    return told === undefined ? slug(description ?? '') : String(told);
  });
  const counts = new Map<string, number>();
  for (const id of wanted) counts.set(id, (counts.get(id) ?? 0) + 1);
  return wanted.map((id) =>
    id !== '' && counts.get(id) === 1 && nameProblem('the id', id) === null ? id : null,
  );
}
