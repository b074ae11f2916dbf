// What an arm was told in one scenario: the system prompt and the tools as they were sent, out of what the record keeps. Today's
// manifest only where nothing was drawn: after an edit it would say what nobody was told.
import type { ChatMessage } from '../../core/chat.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Scenario, Tool, Variant } from '../../core/manifest.ts';
import type { ScenarioResult } from '../../core/record.ts';
import type { ToolText } from '../../screens/scenario.ts';
import { renderMessages } from '../../variants/render.ts';
import { meeting, offeredTools } from '../../variants/rendered.ts';
import type { Snapshot } from './snapshot.ts';

export type ArmPrompt = {
  readonly system: string | null;
  readonly tools: readonly ToolText[];
  /** What came after the system prompt. */
  readonly input: readonly ChatMessage[];
};

export function promptOfRecord({ store, experiment }: Snapshot, record: ScenarioResult): ArmPrompt {
  const messages = record.input.messages as unknown as readonly ChatMessage[];
  const part = (digest: string): JsonObject | undefined => {
    const known = experiment.parts.find(({ variant }) => variant.digest === digest)?.variant.content;
    return known ?? store.part(digest as never);
  };
  const variant = part(record.parts.variant);
  const own = record.input.tools === undefined ? undefined : store.part(record.parts.scenario as never);
  return { ...split(messages), tools: toolsIn(own?.tools ?? variant?.tools) };
}

/** As it would be asked now. */
export function promptOfToday(variant: Variant, scenario: Scenario): ArmPrompt {
  const met = meeting(variant, scenario);
  // What own code and programs are told is their own affair: this is what they are handed.
  return { ...split(renderMessages({ variant: met, scenario })), tools: offeredTools(met).map(toolText) };
}

function split(messages: readonly ChatMessage[]): Pick<ArmPrompt, 'system' | 'input'> {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer');
  const until = first === -1 ? messages.length : first;
  const system = messages.slice(0, until).map(({ content }) => textOf(content));
  return { system: system.length === 0 ? null : system.join('\n\n'), input: messages.slice(until) };
}

function textOf(content: ChatMessage['content']): string {
  return typeof content === 'string' ? content : JSON.stringify(content);
}

function toolText({ name, description, parameters }: Tool): ToolText {
  return { name, description, parameters };
}

/** Of a part as it was kept, whatever version wrote it. */
function toolsIn(kept: Json | undefined): readonly ToolText[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((tool: Json): readonly ToolText[] => {
    if (!isJsonObject(tool) || typeof tool.name !== 'string') return [];
    const { name, description, parameters } = tool;
    return [
      {
        name,
        description: typeof description === 'string' ? description : null,
        parameters: parameters ?? null,
      },
    ];
  });
}
