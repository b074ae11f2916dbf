// What other programs call what we call so: one table for `collect`, `record()`, programs, own code and `import`. Paths as
// in values.ts. The first that a line has is taken; what the user maps comes before, and then nothing else is looked at.

export const USUAL = {
  variant: ['variant', 'variant_name', 'arm', 'mode', 'condition', 'config_name'],
  scenario: [
    ...['scenario', 'scenario_id', 'scenario_name', 'case', 'case_id', 'test_case', 'test_id', 'task_id'],
    ...['question_id', 'prompt_id', 'example_id', 'nodeid', 'node_id', 'id', 'name', 'test', 'test_name'],
  ],
  run: [
    ...['run', 'run_number', 'run_index', 'run_id', 'rep', 'repetition', 'repeat', 'trial', 'epoch'],
    ...['iteration', 'iter', 'attempt'],
  ],
  category: ['category'],
  text: [
    ...['text', 'response_text', 'output_text', 'answer_text', 'output.text', 'response.text', 'response'],
    ...['output', 'answer', 'final_answer', 'final_output', 'completion', 'content', 'generation'],
    ...['generated_text', 'generated', 'prediction', 'model_output', 'llm_output', 'assistant_message'],
    ...['assistant', 'reply', 'message', 'result', 'raw_response', 'raw_output'],
  ],
  json: [],
  tool_calls: [
    ...['tool_calls', 'toolCalls', 'tool_uses', 'tools_called', 'called_tools', 'function_calls', 'calls'],
    'actual_tool_calls',
  ],
  'tool_calls.name': [],
  'tool_calls.arguments': [],
  messages: ['messages', 'trajectory', 'traj', 'conversation', 'transcript', 'dialog', 'history'],
  output_messages: ['output_messages', 'response_messages', 'new_messages'],
  finish_reason: ['finish_reason', 'finishReason', 'stop_reason'],
  refusal: ['refusal'],
  error: ['error_message', 'error', 'exception'],
  error_kind: ['error_kind'],
  prompt: ['prompt', 'input', 'question', 'query', 'user_input', 'user_message', 'user_prompt'],
  system: ['system', 'system_prompt', 'system_message', 'instructions'],
  usage: [
    ...['usage', 'token_usage', 'tokenUsage', 'usage_metadata', 'usageMetadata', 'tokens', 'token_counts'],
    ...['response_metadata.token_usage', 'response_metadata.usage', 'metrics', 'stats'],
  ],
  input_tokens: [],
  output_tokens: [],
  total_tokens: [],
  cached_input_tokens: [],
  cache_write_input_tokens: [],
  cache_write_1h_input_tokens: [],
  reasoning_tokens: [],
  cost_usd: ['cost_usd', 'total_cost_usd', 'cost', 'total_cost', 'usage.cost'],
  model: ['model', 'model_name', 'model_id', 'params.model', 'config.model'],
  served_model: ['served_model', 'servedModel'],
  provider: ['provider'],
  temperature: ['temperature', 'params.temperature', 'config.temperature', 'settings.temperature'],
  seed: ['seed', 'params.seed', 'config.seed', 'settings.seed'],
  started_at: ['started_at', 'timestamp', 'created_at', 'time'],
  latency_ms: ['latency_ms', 'duration_ms', 'elapsed_ms'],
  latency_s: ['latency_s', 'duration_s', 'elapsed_s', 'latency_seconds', 'duration_seconds'],
  properties: ['properties'],
} as const satisfies { readonly [ours: string]: readonly string[] };

export type Ours = keyof typeof USUAL;

/** What counts of a call; inside of `usage` the short ones as well. */
export const COUNTS = {
  input_tokens: {
    flat: [
      ...['input_tokens', 'prompt_tokens', 'inputTokens', 'promptTokens', 'tokens_in', 'total_input_tokens'],
      ...['promptTokenCount', 'prompt_token_count', 'inputTokenCount', 'num_input_tokens'],
    ],
    inside: ['input', 'prompt', 'in'],
  },
  output_tokens: {
    flat: [
      ...['output_tokens', 'completion_tokens', 'outputTokens', 'completionTokens', 'tokens_out'],
      ...['total_output_tokens', 'candidatesTokenCount', 'candidates_token_count', 'outputTokenCount'],
      'num_output_tokens',
    ],
    inside: ['output', 'completion', 'out'],
  },
  total_tokens: {
    flat: ['total_tokens', 'totalTokens', 'totalTokenCount', 'total_token_count', 'tokens_total'],
    inside: ['total'],
  },
  cached_input_tokens: {
    flat: [
      ...['cached_input_tokens', 'cachedInputTokens', 'cache_read_input_tokens', 'cached_tokens'],
      ...['prompt_tokens_details.cached_tokens', 'input_tokens_details.cached_tokens'],
      ...['input_token_details.cache_read', 'cachedContentTokenCount'],
    ],
    inside: ['cached'],
  },
  cache_write_input_tokens: {
    flat: [
      ...['cache_write_input_tokens', 'cacheWriteInputTokens', 'cache_creation_input_tokens'],
      ...['prompt_tokens_details.cache_write_tokens', 'input_tokens_details.cache_write_tokens'],
      'input_token_details.cache_creation',
    ],
    inside: ['cache_write'],
  },
  cache_write_1h_input_tokens: {
    flat: [
      ...[
        'cache_write_1h_input_tokens',
        'cacheWrite1hInputTokens',
        'cache_creation.ephemeral_1h_input_tokens',
      ],
      'input_token_details.ephemeral_1h_input_tokens',
    ],
    inside: [],
  },
  reasoning_tokens: {
    flat: [
      ...['reasoning_tokens', 'reasoningTokens', 'completion_tokens_details.reasoning_tokens'],
      ...['output_tokens_details.reasoning_tokens', 'output_token_details.reasoning', 'thoughtsTokenCount'],
    ],
    inside: ['reasoning'],
  },
} as const;

/** Of a tool call. */
export const CALL_NAMES = ['name', 'tool_name', 'toolName', 'tool', 'function_name', 'function', 'action'];
export const CALL_ARGUMENTS = [
  ...['arguments', 'args', 'input', 'parameters', 'kwargs', 'params', 'tool_input', 'tool_args'],
  ...['action_input', 'arguments_json', 'function_args'],
];
export const CALL_IDS = ['id', 'call_id', 'tool_call_id', 'toolCallId', 'toolUseId', 'tool_use_id'];
/** Objects of a tool call that are no arguments: what came back, and what is told beside. */
export const CALL_BESIDE = new Set([
  ...['result', 'output', 'response', 'return', 'return_value', 'returned', 'observation', 'tool_output'],
  ...['error', 'metadata', 'meta', 'extra', 'extra_content', 'caller', 'artifact', 'schema', 'usage'],
  ...['expected', 'timing', 'view', 'provider_specific_fields'],
]);

/** As `--map` and `collect.fields` may name it. */
export function isOurs(name: string): name is Ours {
  return Object.hasOwn(USUAL, name);
}
