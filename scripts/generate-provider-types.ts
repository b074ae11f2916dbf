// Writes the one line of schema/experiment.schema.json that the table of providers decides: which types there are, and what each
// is. All else of the schema is written by hand.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { entryOf, PROVIDER_TYPES } from '../src/core/providers/table.ts';

const FILE = fileURLToPath(new URL('../schema/experiment.schema.json', import.meta.url));

/** Of a provider: the first `type` that is an enumeration with a description for each of its words. */
const LINE = /("provider": \{[\s\S]*?"type": )\{ "enum": \[[^\]]*\], "description": "(?:[^"\\]|\\.)*" \}/;

export function withProviderTypes(schema: string): string {
  const description = PROVIDER_TYPES.map((type) => `${type}: ${entryOf(type).description}`).join(' ');
  const names = PROVIDER_TYPES.map((type) => JSON.stringify(type)).join(', ');
  if (!LINE.test(schema)) throw new Error(`${FILE} has no line with the types of providers`);
  return schema.replace(
    LINE,
    (_, before: string) => `${before}{ "enum": [${names}], "description": ${JSON.stringify(description)} }`,
  );
}

if (import.meta.main) writeFileSync(FILE, withProviderTypes(readFileSync(FILE, 'utf8')));
