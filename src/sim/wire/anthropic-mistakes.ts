// What Anthropic's API refuses, in its own words. A client that gets one of these wrong here gets it wrong there.
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { BodyMessage } from './anthropic-messages.ts';
import { signatureOf } from './signature.ts';
import type { Body } from './wire-fields.ts';

const FIELDS: ReadonlySet<string> = new Set(
  'model messages max_tokens system temperature top_k top_p stop_sequences stream thinking tools tool_choice metadata output_config output_format cache_control service_tier container context_management mcp_servers inference_geo speed fallbacks'.split(
    ' ',
  ),
);

const THINKING_PAGE =
  'Please consult our documentation at https://docs.claude.com/en/docs/build-with-claude/extended-thinking';
const LEAST_BUDGET = 1024;

/** null = nothing is wrong with it */
export function mistakeOfSettings(body: Body): string | null {
  const { model, max_tokens: max, temperature, system } = body;
  if (typeof model !== 'string' || model === '') return 'model: Field required';
  if (max === undefined) return 'max_tokens: Field required';
  if (typeof max !== 'number' || !Number.isInteger(max)) return 'max_tokens: Input should be a valid integer';
  if (max < 1) return 'max_tokens: Input should be greater than or equal to 1';
  const unknown = Object.keys(body).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) return `${unknown.slice(0, 100)}: Extra inputs are not permitted`;
  if (temperature !== undefined) {
    if (typeof temperature !== 'number') return 'temperature: Input should be a valid number';
    if (temperature < 0 || temperature > 1) return 'temperature: range: 0..1';
  }
  if (system !== undefined && typeof system !== 'string' && !Array.isArray(system))
    return 'system: Input should be a valid string';
  return mistakeOfTools(body) ?? mistakeOfThinking(body, max);
}

function mistakeOfTools({ tools, tool_choice: choice }: Body): string | null {
  if (tools !== undefined && !Array.isArray(tools)) return 'tools: Input should be a valid list';
  for (const [at, tool] of (tools ?? []).entries()) {
    if (!isJsonObject(tool)) return `tools.${at}: Input should be a valid dictionary`;
    const isOwn = tool.type === undefined || tool.type === 'custom';
    if (isOwn && !/^[a-zA-Z0-9_-]{1,128}$/.test(String(tool.name ?? '')))
      return `tools.${at}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
    if (isOwn && !isJsonObject(tool.input_schema)) return `tools.${at}.custom.input_schema: Field required`;
    if (isOwn && (tool.input_schema as JsonObject).type !== 'object')
      return `tools.${at}.custom.input_schema.type: Field required`;
  }
  if (!isJsonObject(choice)) return null;
  const names = (tools ?? []).flatMap((tool) => (isJsonObject(tool) ? [tool.name] : []));
  if (choice.type === 'tool' && !names.includes(choice.name ?? null))
    return `Tool '${String(choice.name)}' not found in provided tools`;
  return null;
}

function mistakeOfThinking(body: Body, max: number): string | null {
  const { thinking, temperature, tool_choice: choice } = body;
  if (!isJsonObject(thinking) || thinking.type !== 'enabled') return null;
  const budget = thinking.budget_tokens;
  if (typeof budget !== 'number') return 'thinking.enabled.budget_tokens: Field required';
  if (budget < LEAST_BUDGET)
    return `thinking.enabled.budget_tokens: Input should be greater than or equal to ${LEAST_BUDGET}`;
  if (max <= budget)
    return `\`max_tokens\` must be greater than \`thinking.budget_tokens\`. ${THINKING_PAGE}`;
  if (temperature !== undefined && temperature !== 1)
    return `\`temperature\` may only be set to 1 when thinking is enabled. ${THINKING_PAGE}`;
  const isForced = isJsonObject(choice) && (choice.type === 'any' || choice.type === 'tool');
  return isForced ? 'Thinking may not be enabled when tool_choice forces tool use.' : null;
}

/** Calls and their results go in pairs; thinking comes back as it was. null = nothing is wrong */
export function mistakeOfTurns(messages: readonly BodyMessage[], isThinking: boolean): string | null {
  for (const [at, { role, blocks }] of messages.entries()) {
    const wrong =
      role === 'user'
        ? mistakeOfResults(blocks, { at, called: callsOf(messages[at - 1]) })
        : (mistakeOfCalls(messages, at) ?? mistakeOfSignatures(blocks, at));
    if (wrong !== null) return wrong;
  }
  return isThinking ? mistakeOfThoughts(messages) : null;
}

function callsOf(message: BodyMessage | undefined): readonly unknown[] {
  if (message?.role !== 'assistant') return [];
  return message.blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
}

function mistakeOfResults(
  blocks: readonly JsonObject[],
  { at, called }: { readonly at: number; readonly called: readonly unknown[] },
): string | null {
  const seen = new Set<unknown>();
  for (const [i, { type, tool_use_id: id }] of blocks.entries()) {
    if (type !== 'tool_result') continue;
    const where = `messages.${at}.content.${i}`;
    if (!called.includes(id))
      return `${where}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(id)}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    if (seen.has(id))
      return `${where}: each tool_use must have a single result. Found multiple \`tool_result\` blocks with id: ${String(id)}`;
    seen.add(id);
  }
  return null;
}

function mistakeOfCalls(messages: readonly BodyMessage[], at: number): string | null {
  const called = callsOf(messages[at]);
  if (new Set(called).size < called.length) return `messages.${at}: \`tool_use\` ids must be unique`;
  const next = messages[at + 1]?.blocks ?? [];
  const answered = new Set(next.map(({ tool_use_id: id }) => id));
  const missing = called.filter((id) => !answered.has(id as string));
  if (missing.length === 0) return null;
  return `messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${missing.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
}

function mistakeOfSignatures(blocks: readonly JsonObject[], at: number): string | null {
  const wrong = blocks.findIndex(
    ({ type, thinking, signature }) => type === 'thinking' && signature !== signatureOf(String(thinking)),
  );
  return wrong < 0 ? null : `messages.${at}.content.${wrong}: Invalid \`signature\` in \`thinking\` block`;
}

/** While tools are used, each answer since the last question has to come back with what was thought before it. */
function mistakeOfThoughts(messages: readonly BodyMessage[]): string | null {
  const asked = messages.findLastIndex(
    ({ role, blocks }) => role === 'user' && !blocks.some(({ type }) => type === 'tool_result'),
  );
  for (let at = asked + 1; at < messages.length; at++) {
    const message = messages[at]!;
    const first = message.blocks[0]?.type;
    if (callsOf(message).length === 0 || first === 'thinking' || first === 'redacted_thinking') continue;
    return `messages.${at}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${String(first)}\`. When \`thinking\` is enabled, a final \`assistant\` message must start with a thinking block (preceeding the lastmost set of \`tool_use\` and \`tool_result\` blocks). We recommend you include thinking blocks from previous turns. To avoid this requirement, disable \`thinking\`. ${THINKING_PAGE}`;
  }
  return null;
}
