// Arguments of a tool call against the tool's JSON Schema, for the model to mend: loaded where a tool loop is.
import type { JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
import { compileSchema } from '../scoring/json-schema.ts';
import type { CheckArguments } from './tool-results.ts';

/** Mistakes told to the model; the first ones are what it has to mend. */
const MOST = 5;

/** A schema that cannot be read checks nothing: the provider has taken it, and the model was shown it. */
export function makeArgumentCheck(): CheckArguments {
  return (tool: Tool, given: JsonObject) => {
    if (tool.parameters === null) return null;
    const compiled = compileSchema(tool.parameters);
    const mistakes = compiled.kind === 'ok' ? compiled.value(given) : [];
    if (mistakes.length === 0) return null;
    const told = mistakes
      .slice(0, MOST)
      .map((mistake) => (mistake.startsWith('/') ? mistake : `they ${mistake}`));
    return `the arguments are not valid: ${told.join('; ')}`;
  };
}
