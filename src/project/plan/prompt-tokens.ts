// Counts the prompts of tasks before they are sent: by the simulation's own rule where a simulation will answer, by a
// tokenizer elsewhere. What several tasks share (system prompt, tools, the text of a scenario) is counted once.
import type { JsonObject } from '../../core/json.ts';
import type { ChatMessage, Scenario, Tool, Variant } from '../../core/manifest.ts';
import { isMediaPart, mediaIn } from '../../core/media.ts';
import { mediaTokens, type TokenRule, tokenRuleOf } from '../../core/media-tokens.ts';
import type { Task } from '../../core/task.ts';
import type { Counted } from '../../planner/estimate.ts';
import { measureTexts, type Sizes } from '../../planner/measure.ts';
import { fillsSystem, renderMessages } from '../../variants/render.ts';
import { type Experiment, providerOf } from '../open/experiment.ts';

export type PromptTokens = {
  readonly countedOf: (task: Task) => Counted;
  readonly isSampled: boolean;
};

/** Loads what counting takes only for the kinds of providers that the tasks have. */
export async function countPrompts(experiment: Experiment, tasks: readonly Task[]): Promise<PromptTokens> {
  const groups = groupTasks(experiment, tasks);
  const rules = new Map<Counted['by'], Rule>();
  for (const { by } of groups.values()) {
    if (!rules.has(by)) rules.set(by, by === 'simulation' ? await simulationRule() : await tokenizerRule());
  }
  const maxChars = Math.floor(MAX_CHARS / Math.max(1, groups.size));
  const prompts = new Map<Group, Prompts>();
  for (const group of groups.values()) {
    prompts.set(group, countGroup(group, { experiment, rule: rules.get(group.by)!, maxChars }));
  }
  const ofVariant = new Map<string, { readonly by: Counted['by']; readonly prompts: Prompts }>();
  return {
    countedOf(task) {
      let own = ofVariant.get(task.variant);
      if (own === undefined) {
        const group = groups.get(groupOf(experiment, task.variant).id)!;
        own = { by: group.by, prompts: prompts.get(group)! };
        ofVariant.set(task.variant, own);
      }
      const tokens = own.prompts.of(task.variant, experiment.scenarioIndex.get(task.scenario)!);
      return { by: own.by, tokens };
    },
    isSampled: [...prompts.values()].some((one) => one.isSampled),
  };
}

/** How text becomes tokens: sizes of texts add up, then the frames of the messages come on top. */
type Rule = {
  readonly sizeOf: (text: string) => number;
  readonly tokensOf: (prompt: { readonly size: number; readonly messages: number }) => number;
  readonly isCheap: boolean;
};

async function simulationRule(): Promise<Rule> {
  const { countedTokens } = await import('../../sim/wire/wire-fields.ts');
  return {
    sizeOf: (text) => text.length,
    tokensOf: ({ size, messages }) => countedTokens({ chars: size, messages }),
    isCheap: true,
  };
}

/** Three tokens frame each message, three begin the answer: https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken */
async function tokenizerRule(): Promise<Rule> {
  const { countTokens } = await import('./tokenizer.ts');
  return {
    sizeOf: countTokens,
    tokensOf: ({ size, messages }) => Math.round(size) + 3 * messages + 3,
    isCheap: false,
  };
}

/** A tenth of a second for English; more of the same says little more. */
const MAX_CHARS = 500_000;

/** Tasks whose scenarios become the same text: one template, counted in one way. */
type Group = {
  readonly by: Counted['by'];
  readonly files: TokenRule;
  /** `system` only where scenarios fill it: else every task of a variant has the same. */
  readonly prompt: Pick<Variant, 'system' | 'template'>;
  readonly variants: Set<string>;
  /** Place in the manifest -> place in the list of texts. */
  readonly scenarios: Map<number, number>;
};

function groupTasks(experiment: Experiment, tasks: readonly Task[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const ofVariant = new Map<string, Group>();
  for (const { variant, scenario } of tasks) {
    let group = ofVariant.get(variant);
    if (!group) {
      const { id, ...alike } = groupOf(experiment, variant);
      group = groups.get(id) ?? { ...alike, variants: new Set(), scenarios: new Map() };
      groups.set(id, group);
      ofVariant.set(variant, group);
      group.variants.add(variant);
    }
    const index = experiment.scenarioIndex.get(scenario)!;
    if (!group.scenarios.has(index)) group.scenarios.set(index, group.scenarios.size);
  }
  return groups;
}

function groupOf(
  experiment: Experiment,
  name: string,
): { readonly id: string } & Pick<Group, 'by' | 'files' | 'prompt'> {
  const { variant } = experiment.variants.get(name)!;
  const prompt = { system: fillsSystem(variant) ? variant.system : null, template: variant.template };
  const { type } = providerOf(experiment, name);
  const by = type === 'sim' ? 'simulation' : 'tokenizer';
  const files = tokenRuleOf(type);
  const text = prompt.system === null ? prompt.template : [prompt.system, prompt.template];
  return {
    id: `${by} ${files} ${typeof text === 'string' ? text : JSON.stringify(text)}`,
    by,
    files,
    prompt,
  };
}

type Prompts = {
  /** null where a prompt holds what nothing here knows the cost of: a PDF, a sound, a part of a wire's own. */
  readonly of: (variant: string, scenario: number) => number | null;
  readonly isSampled: boolean;
};

function countGroup(
  group: Group,
  input: { readonly experiment: Experiment; readonly rule: Rule; readonly maxChars: number },
): Prompts {
  const { experiment, rule } = input;
  const maxChars = rule.isCheap ? Number.POSITIVE_INFINITY : input.maxChars;
  const by = { sizeOf: rule.sizeOf, maxChars };
  const indexes = [...group.scenarios.keys()];
  const messagesOf = (index: number): readonly ChatMessage[] =>
    renderMessages({
      variant: group.prompt,
      scenario: experiment.manifest.scenarios[index] as Scenario,
    });
  const counts = new Int32Array(indexes.length);
  const files = new Float64Array(indexes.length);
  indexes.forEach((index, place) => {
    const messages = messagesOf(index);
    const taken = messages.every(isCountable) ? filesTokens(messages, group.files) : null;
    counts[place] = taken === null ? NOT_TEXT : messages.length;
    files[place] = taken ?? 0;
  });
  const texts = measureTexts(
    { count: indexes.length, at: (place) => messagesOf(indexes[place]!).map(textOf).join('') },
    by,
  );
  const fixed = fixedSizes(
    [...group.variants].map((name) => experiment.variants.get(name)!.variant),
    by,
  );
  return {
    of(variant, scenario) {
      const place = group.scenarios.get(scenario)!;
      const { size, messages } = fixed.of.get(variant)!;
      if (counts[place] === NOT_TEXT) return null;
      const text = rule.tokensOf({ size: size + texts.sizes[place]!, messages: messages + counts[place]! });
      return text + files[place]!;
    },
    isSampled: texts.isSampled || fixed.isSampled,
  };
}

const NOT_TEXT = -1;

/** What every call of a variant holds: the system prompt and the tools. */
function fixedSizes(
  variants: readonly Variant[],
  input: { readonly sizeOf: (text: string) => number; readonly maxChars: number },
): Pick<Sizes, 'isSampled'> & {
  readonly of: ReadonlyMap<string, { readonly size: number; readonly messages: number }>;
} {
  const texts = variants.map((variant) => `${fixedSystem(variant) ?? ''}${toolsText(variant.tools)}`);
  const { sizes, isSampled } = measureTexts({ count: texts.length, at: (i) => texts[i]! }, input);
  const of = new Map(
    variants.map((variant, i) => [
      variant.name,
      { size: sizes[i]!, messages: fixedSystem(variant) === null ? 0 : 1 },
    ]),
  );
  return { of, isSampled };
}

function fixedSystem(variant: Variant): string | null {
  return fillsSystem(variant) ? null : variant.system;
}

/** As the simulation reads them. A model sees them in a form of its provider's own, which is about as long. */
function toolsText(tools: readonly Tool[]): string {
  if (tools.length === 0) return '';
  return JSON.stringify(
    tools.map(({ name, description, parameters }) => ({
      name,
      description: description ?? '',
      parameters: parameters ?? {},
    })),
  );
}

function isCountable({ content }: ChatMessage): boolean {
  return (
    !Array.isArray(content) ||
    content.every((part: JsonObject) => typeof part.text === 'string' || isMediaPart(part))
  );
}

/** null = of one of them it is not known. */
function filesTokens(messages: readonly ChatMessage[], rule: TokenRule): number | null {
  let sum = 0;
  for (const part of mediaIn(messages)) {
    const tokens = mediaTokens(part, rule);
    if (tokens === null) return null;
    sum += tokens;
  }
  return sum;
}

function textOf({ content, tool_calls: calls }: ChatMessage): string {
  const said = Array.isArray(content)
    ? content.map((part: JsonObject) => (typeof part.text === 'string' ? part.text : '')).join('\n')
    : (content ?? '');
  return `${said}${Array.isArray(calls) ? JSON.stringify(calls) : ''}`;
}
