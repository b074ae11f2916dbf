// `params` are passed to the API as they are, except for what expgraph sends itself: that has a field of its own.

/** Why a name cannot stand in `params`; null = it can. */
export function paramProblem(
  name: string,
  settings: { readonly maxOutputTokens: number | null },
): { readonly message: string; readonly hint: string } | null {
  const field = Object.hasOwn(FIELDS, name) ? FIELDS[name]! : null;
  if (field === null) return null;
  // Older endpoints know one of these names only: who sends no limit through the field may choose.
  if (field === 'max_output_tokens' && settings.maxOutputTokens === null) return null;
  return {
    message: `"${name}" in params: expgraph sets it`,
    hint: HINTS[field] ?? `use the field "${field}"`,
  };
}

const FIELDS: { readonly [name: string]: string } = {
  model: 'model',
  messages: 'template',
  input: 'template',
  instructions: 'system',
  tools: 'tools',
  temperature: 'temperature',
  seed: 'seed',
  n: 'runs',
  stream: 'stream',
  max_tokens: 'max_output_tokens',
  max_completion_tokens: 'max_output_tokens',
  max_output_tokens: 'max_output_tokens',
};

const HINTS: { readonly [field: string]: string } = {
  template: 'use the fields "system" and "template" and the scenarios\' input',
  seed: 'use the field "seed" at the top level',
  runs: 'use the field "runs": each draw is a record of its own',
  stream: 'answers are recorded whole; leave it out',
  max_output_tokens: 'use the field "max_output_tokens" (null there allows a name of your own here)',
};
