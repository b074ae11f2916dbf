// What a tool gives back in a tool loop: from the scenario, else from the tool itself, else an error that the model is told.
import type { Conversation } from '../core/conversation.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { writeDigits } from '../core/json-text.ts';
import type { Tool } from '../core/manifest.ts';
import type { ToolCall, ToolResult } from '../core/outcome.ts';
import { fillPlaceholders, onlyPlaceholder, type Read } from '../core/placeholders.ts';
import { ok, type Result } from '../core/result.ts';
import { thrownMessage } from '../core/thrown.ts';
import { parseLongNumbers } from '../core/untrusted-json.ts';

/** null = the arguments are as the tool's schema wants them. */
export type CheckArguments = (tool: Tool, given: JsonObject) => string | null;

/** Arguments as whoever runs a call gets them: a whole number that JavaScript cannot hold is a BigInt. */
export type Given = { readonly [name: string]: unknown };

/** By tool name: somebody who runs the call. What is thrown is told to the model. */
export type Handlers = Map<
  string,
  { readonly source: 'handler' | 'mcp'; readonly call: (given: Given) => Promise<unknown> }
>;

export type Toolbox = {
  /**
   * @param input.before how many calls of that name there were before it in the conversation
   * @param input.cutBy the word for the end of an answer that was cut in this call; null = it was not
   */
  answer(input: {
    readonly call: ToolCall;
    readonly before: number;
    readonly cutBy: string | null;
  }): Promise<ToolResult>;
};

export function makeToolbox(input: {
  readonly tools: readonly Tool[];
  readonly conversation: Conversation;
  readonly check: CheckArguments;
  readonly handlers?: Handlers | undefined;
}): Toolbox {
  const { conversation, check } = input;
  const { scenario, canned } = conversation;
  const tools = new Map(input.tools.map((tool) => [tool.name, tool]));
  const results = new Map(canned.map(({ name, result }) => [name, result]));
  return {
    async answer({ call, before, cutBy }) {
      const { id, name } = call;
      const wrong = (error: NonNullable<ToolResult['error']>, message: string): ToolResult => ({
        id,
        name,
        source: 'none',
        error,
        text: JSON.stringify({ error: message }),
      });
      const tool = tools.get(name);
      if (!tool)
        return wrong('unknown-tool', `there is no tool ${name}; there are: ${[...tools.keys()].join(', ')}`);
      if (cutBy !== null)
        return wrong(
          'invalid-arguments',
          `the answer was cut off in this call (${cutBy}), so it was not run: its arguments may be half of what was meant`,
        );
      const read = givenBy(call);
      if (read.kind === 'err') return wrong('invalid-arguments', `the arguments ${read.error}`);
      const { given, nearest } = read.value;
      const problem = check(tool, nearest);
      if (problem !== null) return wrong('invalid-arguments', problem);
      const fill = (result: Json): string => textOf(filled(result, { given, conversation }));
      if (Object.hasOwn(scenario.toolResults, name)) {
        const text = fill(nthOf(scenario.toolResults[name] ?? null, before));
        return { id, name, source: 'scenario', text, error: null };
      }
      const handler = input.handlers?.get(name);
      if (handler) {
        const { source } = handler;
        try {
          // A copy: what a handler does to it is no part of what the model said.
          const text = toldText(await handler.call(structuredClone(given)));
          return { id, name, source, text, error: null };
        } catch (error) {
          const text = JSON.stringify({ error: messageOf(error) });
          return { id, name, source, text, error: 'tool-failed' };
        }
      }
      if (results.has(name)) return { id, name, source: 'tool', text: fill(results.get(name)!), error: null };
      return wrong('no-result', `the tool ${name} is not available`);
    },
  };
}

/** `nearest`: for a schema, which knows no BigInt; what it says of the nearest number holds. */
function givenBy({
  arguments: held,
  argumentsText: text,
}: ToolCall): Result<{ readonly given: Given; readonly nearest: JsonObject }, string> {
  if (text === null) return ok({ given: held, nearest: held });
  const given = parseLongNumbers(text, BigInt);
  const nearest = parseLongNumbers(text, Number);
  if (given.kind === 'err') return given;
  return nearest.kind === 'err' ? nearest : ok({ given: given.value, nearest: nearest.value });
}

/** A list holds the results of one call after the other; the last stays. */
function nthOf(result: Json, n: number): Json {
  return Array.isArray(result)
    ? ((result[Math.min(n, result.length - 1)] as Json | undefined) ?? null)
    : result;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (writeDigits(value) ?? '');
}

/** What a handler gave back, as text. No more than a model can read. */
function toldText(value: unknown): string {
  const text = typeof value === 'string' ? value : (writeDigits(value ?? null) ?? String(value));
  return text.slice(0, MAX_RESULT_CHARS).toWellFormed();
}

const MAX_RESULT_CHARS = 1_000_000;
const MAX_ERROR_CHARS = 2_000;

function messageOf(error: unknown): string {
  return thrownMessage(error).slice(0, MAX_ERROR_CHARS).toWellFormed();
}

type Filling = { readonly given: Given; readonly conversation: Conversation };

/** Text that is nothing but one placeholder becomes the value itself: a number stays a number. */
function filled(value: Json, input: Filling): unknown {
  if (typeof value === 'string') return fillText(value, input);
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, input));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, filled(member ?? null, input)]),
  );
}

function fillText(text: string, input: Filling): unknown {
  const whole = onlyPlaceholder(text, 'result');
  if (whole !== null) return placeValue(whole, input) ?? null;
  return fillPlaceholders(text, 'result', (read) => {
    const value = placeValue(read, input);
    return value === undefined ? undefined : textOf(value);
  });
}

/** undefined = it means nothing; null = it is not there. */
function placeValue(read: Read, { given, conversation }: Filling): unknown {
  const { id, vars } = conversation.scenario;
  switch (read.kind) {
    case 'id':
      return id;
    case 'variable':
      return ownMember(vars, read.name);
    case 'argument':
      return ownMember(given, read.name);
    default:
      return undefined;
  }
}

function ownMember(object: Given, name: string): unknown {
  return Object.hasOwn(object, name) ? (object[name] ?? null) : null;
}
