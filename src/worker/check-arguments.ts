// Arguments of a tool call against the tool's JSON Schema. The only file that knows the package `ajv`: it is loaded where a
// tool loop is, and nowhere else.
import { Ajv, type ValidateFunction } from 'ajv';
import type { JsonObject } from '../core/json.ts';
import type { Tool } from '../core/manifest.ts';
import type { CheckArguments } from './tool-results.ts';

/** Mistakes told to the model; the first ones are what it has to mend. */
const MOST = 5;

/** A schema that ajv cannot read checks nothing: the provider has taken it, and the model was shown it. */
export function makeArgumentCheck(): CheckArguments {
  // Formats are for providers to hold to; a schema of another draft or with words of its own is no mistake here.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, logger: false });
  const validators = new Map<string, ValidateFunction | null>();

  function validatorOf(schema: JsonObject): ValidateFunction | null {
    const text = JSON.stringify(schema);
    let validate = validators.get(text);
    if (validate === undefined) {
      validate = compiled(schema);
      validators.set(text, validate);
    }
    return validate;
  }

  function compiled(schema: JsonObject): ValidateFunction | null {
    const { $schema, $id, ...content } = schema;
    try {
      return ajv.compile(content);
    } catch {
      return null;
    }
  }

  return (tool: Tool, given: JsonObject) => {
    const validate = tool.parameters === null ? null : validatorOf(tool.parameters);
    if (!validate || validate(given)) return null;
    const mistakes = (validate.errors ?? []).slice(0, MOST);
    return `the arguments are not valid: ${mistakes.map(({ instancePath, message }) => `${instancePath || 'they'} ${message}`).join('; ')}`;
  };
}
