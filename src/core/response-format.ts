// The form that an answer has to be of: said once in the manifest, and on every wire in its own words.
import type { JsonObject } from './json.ts';

/** `json`: any JSON object. `schema`: JSON that keeps to a JSON Schema. */
export type ResponseFormat =
  | { readonly kind: 'json' }
  | {
      readonly kind: 'schema';
      /** What the model is told that it is called; letters, digits, "_" and "-", 64 at most. */
      readonly name: string;
      readonly description: string | null;
      readonly schema: JsonObject;
      /** Whether the API is asked to hold the answer to it; null = as the API has it. */
      readonly strict: boolean | null;
    };

/** As a manifest would have it with nothing left to look up: what counts of it, and what code and programs are handed. */
export type WrittenFormat =
  | 'json'
  | {
      readonly name: string;
      readonly description?: string;
      readonly schema: JsonObject;
      readonly strict?: boolean;
    };

export function writtenFormat(format: ResponseFormat): WrittenFormat {
  if (format.kind === 'json') return 'json';
  const { name, description, schema, strict } = format;
  return {
    name,
    ...(description === null ? {} : { description }),
    schema,
    ...(strict === null ? {} : { strict }),
  };
}
