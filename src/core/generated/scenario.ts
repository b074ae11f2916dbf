// Generated from schema/scenario.schema.json by `npm run generate`. Do not edit.

/**
 * A scenario file: one scenario, a list, or {defaults, scenarios}.
 */
export type ScenarioFile = Scenario | Scenario[] | Collection;
/**
 * Text, a list of chat messages, or a list of parts of one message: { type: text, text } and { type: image | pdf | audio, file: path }.
 */
export type Input = string | [InputItem, ...InputItem[]];
/**
 * Tools that are offered for this scenario in the place of each variant's own: a path (relative to the manifest), or a list of {name, description, parameters}.
 */
export type OwnTools =
  | string
  | {
      [k: string]: unknown;
    }[];
/**
 * The tool's name, or { name, arguments }. Arguments by dotted path: a plain value, or checks such as { contains: ... }; {{title}} stands for a field of the expectation.
 */
export type IntentTool =
  | string
  | {
      /**
       * The tool's name.
       */
      name: string;
      /**
       * What is held against its arguments, by dotted path.
       */
      arguments?: {
        [k: string]: unknown;
      };
    };

export interface Scenario {
  /**
   * Unique in the experiment; category:name is fine. Without one it is made from what the model is asked.
   */
  id?: string;
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
  tools?: OwnTools;
  /**
   * Results that tools return in a tool loop, by tool name.
   */
  tool_results?: {
    [k: string]: unknown;
  };
  expects_tools?: Intents;
}
/**
 * A chat message {role, content}, or, where no item has a role, a part of one message {type, text} or {type, file}.
 */
export interface InputItem {
  role?: 'system' | 'developer' | 'user' | 'assistant' | 'tool';
  /**
   * Text, or a list of parts: {type: text, text}, {type: image | pdf | audio, file}, or a wire's own.
   */
  content?:
    | string
    | {
        [k: string]: unknown;
      }[]
    | null;
  text?: string;
  /**
   * Relative to the manifest.
   */
  file?: string;
  [k: string]: unknown;
}
/**
 * By intent, then by variant (a name or a glob).
 */
export interface Intents {
  [k: string]: IntentTools;
}
/**
 * By variant: the tool that means the intent there.
 */
export interface IntentTools {
  [k: string]: IntentTool;
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
  tools?: OwnTools;
  tool_results?: {
    [k: string]: unknown;
  };
  expects_tools?: Intents;
}
