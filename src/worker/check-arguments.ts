// Arguments of a tool call against the tool's JSON Schema, for the model to mend: loaded where a tool loop is.
import type { JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
import { checkBounded, compileSchema } from '../scoring/rules/json-schema.ts';
import type { CheckArguments } from './tool-results.ts';

/** Mistakes told to the model; the first ones are what it has to mend. */
const MOST = 5;

/**
 * For one attempt. A schema that cannot be read checks nothing: the provider has taken it, and the model was shown it. One that
 * does not come to an end is stopped once, and not tried again by this attempt: the thread is shared.
 */
export function makeArgumentCheck(): CheckArguments {
  const stopped = new Map<string, string>();
  return (tool: Tool, given: JsonObject) => {
    if (tool.parameters === null) return null;
    const compiled = compileSchema(tool.parameters);
    if (compiled.kind === 'err') return null;
    const before = stopped.get(tool.name);
    if (before !== undefined) return before;
    const checked = checkBounded(compiled.value, given);
    if (checked.kind === 'err') {
      const why = `the arguments cannot be checked: ${checked.error}`;
      stopped.set(tool.name, why);
      return why;
    }
    const mistakes = checked.value;
    if (mistakes.length === 0) return null;
    const told = mistakes
      .slice(0, MOST)
      .map((mistake) => (mistake.startsWith('/') ? mistake : `they ${mistake}`));
    return `the arguments are not valid: ${told.join('; ')}`;
  };
}
