// Tools that two arms offer, by name. Pure.
import type { Json } from '../../core/json.ts';
import type { ToolText } from '../../screens/scenario.ts';
import { type ValueChange, valueChanges } from './value-diff.ts';

export type ToolChange = {
  readonly kind: 'same' | 'changed' | 'added' | 'missing';
  readonly name: string;
  readonly tool: ToolText;
  /** Only what differs. */
  readonly changes: readonly ValueChange[];
};

/** In the order of the second, and then those that only the first has. */
export function diffTools(from: readonly ToolText[], to: readonly ToolText[]): readonly ToolChange[] {
  const before = new Map(from.map((tool) => [tool.name, tool]));
  const after = new Set(to.map(({ name }) => name));
  const found = to.map((tool): ToolChange => {
    const was = before.get(tool.name);
    if (was === undefined) return { kind: 'added', name: tool.name, tool, changes: [] };
    const changes = valueChanges(contentOf(was), contentOf(tool)).filter(({ kind }) => kind !== 'same');
    return { kind: changes.length === 0 ? 'same' : 'changed', name: tool.name, tool, changes };
  });
  const gone = from.filter(({ name }) => !after.has(name));
  return [
    ...found,
    ...gone.map((tool): ToolChange => ({ kind: 'missing', name: tool.name, tool, changes: [] })),
  ];
}

function contentOf({ description, parameters }: ToolText): Json {
  return { description: description ?? '', parameters };
}

/** `title, time?`: names of parameters as a signature has them. */
export function signatureOf({ parameters }: ToolText): string {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return '';
  const { properties, required } = parameters as { readonly properties?: Json; readonly required?: Json };
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return '';
  const needed: readonly Json[] = Array.isArray(required) ? required : [];
  return Object.keys(properties)
    .map((name) => (needed.includes(name) ? name : `${name}?`))
    .join(', ');
}
