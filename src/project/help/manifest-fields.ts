// The fields of a manifest, as its schema has them, and the page that explains each.

import { readFileSync } from 'node:fs';
import { behindRef } from '../../core/schema-ref.ts';

const SCHEMA = new URL('../../../schema/experiment.schema.json', import.meta.url);

type Field = { readonly description?: string; readonly $ref?: string };
type Schema = {
  readonly required?: readonly string[];
  readonly properties: { readonly [field: string]: Field };
};

export type FieldRow = { readonly field: string; readonly means: string };

/** Fields in the schema's order. The first sentence of each is enough here: editors show the rest. */
export function fieldRows(): readonly FieldRow[] {
  const schema = JSON.parse(readFileSync(SCHEMA, 'utf8')) as Schema;
  const { properties, required = [] } = schema;
  return Object.entries(properties).map(([field, of]) => {
    const [first = ''] = (
      of.description ??
      (behindRef(of.$ref ?? '', schema) as Field | undefined)?.description ??
      ''
    ).split(/(?<=\.)\s/);
    return { field, means: `${first.replace(/\.$/, '')}${required.includes(field) ? ' (required)' : ''}` };
  });
}
