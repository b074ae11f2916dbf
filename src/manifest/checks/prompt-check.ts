// Prompts against scenarios: placeholders that nothing fills, and scenarios that lack what a prompt reads.
import type { Variant } from '../../core/manifest.ts';
import { nearest } from '../../core/nearest.ts';
import { placeholdersIn } from '../../core/placeholders.ts';
import { conversationProblem, hasUserText, templateProblems } from '../../variants/render.ts';
import { promptTexts, type Reads, readsOf } from '../../variants/rendered.ts';
import type { Reading } from '../reading.ts';
import type { FoundScenario } from '../scenarios/scenarios.ts';
import type { PromptText, ResolvedVariant } from '../variants/variants.ts';
import { lacks } from './crosscheck.ts';
import { type Lacking, makeLacking } from './lacking-fields.ts';

export function checkPrompts(input: {
  readonly reading: Reading;
  readonly variants: readonly ResolvedVariant[];
  readonly scenarios: readonly FoundScenario[];
}): void {
  const seen = new Set<string>();
  const lacking = makeLacking(input.reading, input.scenarios);
  for (const { variant, prompt } of input.variants) {
    if (prompt === null) continue;
    const isOurs = variant.harness === null;
    if (!isOurs) warnOfLiterals(prompt);
    // Code is handed the scenario as it is, and may have no use for a prompt.
    if (!isOurs && variant.template === '{{input}}') continue;
    const id = JSON.stringify([isOurs, promptTexts(variant), typeof variant.template]);
    if (seen.has(id)) continue;
    seen.add(id);
    for (const text of prompt) if (isOurs || text.of === 'template') checkText(text, input.scenarios);
    const reads = readsOfPrompt(variant);
    for (const scenario of input.scenarios)
      checkScenario({ reading: input.reading, lacking, variant, reads, scenario });
  }
  lacking.report();
}

/** Whoever fills braces in a way of its own is not disturbed; of ours it may be thought that they are filled. */
function warnOfLiterals(prompt: readonly PromptText[]): void {
  for (const { of, text, report } of prompt) {
    if (of !== 'system') continue;
    for (const { written, read } of placeholdersIn(text, 'template')) {
      if (read === null || read.kind === 'literal') continue;
      const message = `${written} is handed on as it stands: own code, programs and tests fill "system" themselves`;
      report({ needle: written, severity: 'warning', code: 'not-filled', message });
    }
  }
}

const KNOWN = 'known: {{input}}, {{id}}, {{category}}, {{vars.NAME}}';
const LITERAL = 'to send braces as they are, write {{!';

function checkText({ text, report }: PromptText, scenarios: readonly FoundScenario[]): void {
  for (const { placeholder, name } of templateProblems(text)) {
    const hint = hintOf(name, variablesOf(scenarios));
    const message = `unknown placeholder ${placeholder}`;
    report({ needle: placeholder, code: 'unknown-placeholder', message, hint });
  }
  const block = /\{%-?\s*\w[^%]{0,80}%\}/.exec(text)?.[0];
  if (block === undefined) return;
  const message = `${block} is sent as it stands: templates have placeholders, and neither blocks nor filters`;
  const hint = 'write a variant for each case, or put the text together in "vars" of the scenarios';
  report({ needle: block, severity: 'warning', code: 'template-block', message, hint });
}

/** Data sets are alike: the first scenarios say what variables there are. */
const LOOKED_AT = 20;

function variablesOf(scenarios: readonly FoundScenario[]): readonly string[] {
  return [...new Set(scenarios.slice(0, LOOKED_AT).flatMap(({ scenario }) => Object.keys(scenario.vars)))];
}

function hintOf(name: string, variables: readonly string[]): string {
  const known = ['input', 'id', 'category', ...variables.map((variable) => `vars.${variable}`)];
  const base = name.split(/\s*[|.([]/, 1)[0]!.trim();
  const guess = variables.includes(name)
    ? `vars.${name}`
    : (nearest(name, known) ?? (variables.includes(base) ? `vars.${base}` : null));
  if (guess !== null) return `did you mean {{${guess}}}?`;
  if (name !== base && /^\w+$/.test(base)) return `filters and members are not known here; ${KNOWN}`;
  const own = /^\w+$/.test(name) ? `a variable of the scenarios is {{vars.${name}}}; ` : `${KNOWN}; `;
  return `${own}${LITERAL}${name.length > 30 ? 'name' : name}}}`;
}

type ReadBy = { readonly system: Reads; readonly template: Reads };

function readsOfPrompt(variant: Variant): ReadBy {
  const of = (texts: readonly string[]): Reads =>
    readsOf(texts.map((text) => ({ scope: 'template', text, tool: null, of: 'variant' })));
  const all = promptTexts(variant);
  const own = promptTexts({ ...variant, system: null });
  return { system: of(all.slice(0, all.length - own.length)), template: of(own) };
}

function checkScenario(context: {
  readonly reading: Reading;
  readonly lacking: Lacking;
  readonly variant: Variant;
  readonly reads: ReadBy;
  readonly scenario: FoundScenario;
}): void {
  const { variant, reads } = context;
  const { scenario, hasInput } = context.scenario;
  const name = JSON.stringify(variant.name);
  const reader = (isRead: (input: Reads) => boolean): string | null =>
    isRead(reads.template)
      ? `the template of ${name}`
      : isRead(reads.system)
        ? `the system prompt of ${name}`
        : null;
  const input = reader((of) => of.input);
  if (input !== null && !hasInput)
    context.lacking.add(context.scenario, {
      code: 'no-input',
      thing: 'no "input"',
      reader: input,
      as: '',
      hint: () => inputHint(context.scenario),
    });
  const category = reader((of) => of.category);
  if (category !== null && scenario.category === null)
    context.lacking.add(context.scenario, {
      code: 'no-category',
      thing: 'no "category"',
      reader: category,
      as: '',
      hint: () => 'add: category: ...',
    });
  for (const variable of new Set([...reads.template.vars, ...reads.system.vars])) {
    if (Object.hasOwn(scenario.vars, variable) && scenario.vars[variable] !== undefined) continue;
    const guess = nearest(variable, Object.keys(scenario.vars));
    context.lacking.add(context.scenario, {
      ...{ code: 'no-variable', thing: `no variable "${variable}"`, as: ` ({{vars.${variable}}})` },
      reader: reader((of) => of.vars.includes(variable))!,
      hint: () => (guess ? `it has "${guess}"; did you mean that?` : context.scenario.toAdd(variable)),
    });
  }
  if (typeof scenario.input !== 'string') checkConversation(context, name);
}

/** Tables of promptfoo have variables and no input: the template says all. */
function inputHint({ scenario }: FoundScenario): string {
  const [variable] = Object.keys(scenario.vars);
  return variable === undefined
    ? 'add: input: ...'
    : `add: input: ..., or write a template that reads its variables: template: "{{vars.${variable}}}"`;
}

function checkConversation(context: Parameters<typeof checkScenario>[0], name: string): void {
  const { variant } = context;
  const problem = conversationProblem(variant);
  if (problem !== null) {
    const { what, hint, ...severity } = CONVERSATIONS[problem];
    lacks(context, {
      ...severity,
      code: 'no-place',
      what: `is a conversation, and ${what.replace('NAME', name)}`,
      hint,
    });
    return;
  }
  const { input } = context.scenario.scenario;
  if (typeof input === 'string' || isBare(variant) || hasUserText(input)) return;
  const hint = 'end the conversation with { role: user, content: ... }, or use the template "{{input}}"';
  const what = `has no user message with text for the template of ${name}`;
  lacks(context, { code: 'no-user-message', what, hint });
}

const CONVERSATIONS: {
  readonly [problem in NonNullable<ReturnType<typeof conversationProblem>>]: {
    readonly what: string;
    readonly hint: string;
    readonly severity?: 'warning';
  };
} = {
  system: {
    what: 'the system prompt of NAME reads {{input}}, which is text',
    hint: 'read a variable there, {{vars.x}}, or give the scenario an input of text',
  },
  none: {
    severity: 'warning',
    what: 'no message of the template of NAME reads {{input}}: it is not sent',
    hint: 'put { role: user, content: "{{input}}" } where it belongs',
  },
  several: {
    what: 'several messages of the template of NAME read {{input}}: it can stand in one place',
    hint: 'write {{input}} in one message of the user, and {{vars.x}} in the others',
  },
  form: {
    what: 'in the template of NAME {{input}} is not in a text of the user',
    hint: 'put { role: user, content: "{{input}}" } where the conversation belongs',
  },
};

/** The conversation is passed on as it is. */
function isBare({ template }: Variant): boolean {
  const bare = /^\{\{\s*input\s*\}\}$/;
  if (typeof template === 'string') return bare.test(template);
  return template.some(
    ({ role, content }) => role === 'user' && typeof content === 'string' && bare.test(content),
  );
}
