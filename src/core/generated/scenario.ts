// Generated from schema/scenario.schema.json by `npm run generate`. Do not edit.

/**
 * A scenario file: one scenario, a list, or {defaults, scenarios}.
 */
export type ScenarioFile = Scenario | Scenario[] | Collection;
/**
 * Text, or a list of chat messages.
 */
export type Input = string | [Message, ...Message[]];

export interface Scenario {
  /**
   * Unique in the experiment; category:name is fine.
   */
  id: string;
  input?: Input;
  category?: string;
  /**
   * @maxItems 1000
   */
  tags?: string[];
  /**
   * For people; never part of a key.
   */
  description?: string;
  /**
   * Values for {{vars.x}} of the template.
   */
  vars?: {
    [k: string]: unknown;
  };
  /**
   * What a good answer is; read by scorers, never sent to the model. A map of rules (exact, contains, regex, json, tool_calls, numeric, clarify, autoevals; any, all, not), judge: a rubric, names of scorers, and free keys; or a bare value.
   */
  expect?: {
    [k: string]: unknown;
  };
  /**
   * Results that tools return in a tool loop, by tool name.
   */
  tool_results?: {
    [k: string]: unknown;
  };
}
export interface Message {
  role: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  content:
    | string
    | {
        [k: string]: unknown;
      }[]
    | null;
  [k: string]: unknown;
}
export interface Collection {
  defaults?: Defaults;
  scenarios: Scenario[];
}
/**
 * Shared by the scenarios of this file; each may override.
 */
export interface Defaults {
  input?: Input;
  category?: string;
  tags?: string[];
  description?: string;
  vars?: {
    [k: string]: unknown;
  };
  expect?: unknown;
  tool_results?: {
    [k: string]: unknown;
  };
}
