// Finds the part of a schema that speaks about a value: which keys are known there, and what the field is for.
import { readFileSync } from 'node:fs';
import { behindRef } from '../../core/schema-ref.ts';
import type { JsonPath } from './place.ts';
import type { Shape } from './shape.ts';

export type SchemaNode = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: { readonly [name: string]: SchemaNode };
  readonly additionalProperties?: SchemaNode | boolean;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly enum?: readonly unknown[];
  readonly definitions?: { readonly [name: string]: SchemaNode };
};

/** The node at a path of a value that is being checked; null where the schema says nothing. */
export function schemaOf(input: {
  readonly shape: Shape;
  readonly path: JsonPath;
  readonly value: unknown;
}): SchemaNode | null {
  const root = load(FILES[input.shape]);
  let node: SchemaNode | null =
    input.shape === 'experiment' ? root : (root.definitions?.[DEFINED[input.shape] ?? input.shape] ?? null);
  let value = input.value;
  for (const step of [null, ...input.path]) {
    if (step !== null) {
      value = (value as { readonly [name: string | number]: unknown } | null)?.[step];
      node = node && child(node, step);
    }
    node = node && settle({ root, node, value });
  }
  return node;
}

/** Known keys that a place takes. */
export function knownKeys(node: SchemaNode | null): readonly string[] {
  return node?.propertyNames?.enum ?? Object.keys(node?.properties ?? {});
}

/** The section of experiment.yaml where a key would be right; null = nowhere. */
export function homeOf(key: string): string | null {
  const root = load('experiment');
  for (const [section, home] of HOMES) {
    const properties = (section === null ? root : root.definitions?.[section])?.properties;
    if (properties && Object.hasOwn(properties, key)) return home;
  }
  return null;
}

const HOMES: readonly (readonly [string | null, string])[] = [
  ['execution', 'it belongs under "execution:"'],
  [null, 'it belongs to the top level of experiment.yaml'],
  ['variant', 'it belongs to a variant'],
  ['provider', 'it belongs to an entry of "providers:"'],
];

const FILES: { readonly [shape in Shape]: 'experiment' | 'scenario' } = {
  experiment: 'experiment',
  variant: 'experiment',
  tool: 'experiment',
  message: 'experiment',
  intents: 'experiment',
  'sim-answers': 'experiment',
  'price-list': 'experiment',
  said: 'scenario',
  part: 'scenario',
  scenario: 'scenario',
  defaults: 'scenario',
};

/** Where its name there is another's here. */
const DEFINED: { readonly [shape in Shape]?: string } = { said: 'message' };

const loaded = new Map<string, SchemaNode>();

function load(name: 'experiment' | 'scenario'): SchemaNode {
  let schema = loaded.get(name);
  if (!schema) {
    const file = new URL(`../../../schema/${name}.schema.json`, import.meta.url);
    schema = JSON.parse(readFileSync(file, 'utf8')) as SchemaNode;
    loaded.set(name, schema);
  }
  return schema;
}

function child(node: SchemaNode, step: string | number): SchemaNode | null {
  if (typeof step === 'number') return node.items ?? null;
  if (node.properties && Object.hasOwn(node.properties, step)) return node.properties[step]!;
  return typeof node.additionalProperties === 'object' ? node.additionalProperties : null;
}

/** Goes through references and picks the branch that takes the value's type. */
function settle(input: { root: SchemaNode; node: SchemaNode; value: unknown }): SchemaNode {
  let { node } = input;
  for (;;) {
    if (node.$ref !== undefined) {
      node = resolve(input.root, node.$ref);
      continue;
    }
    const branch = node.anyOf?.find((one) => typeOf(input.root, one) === typeName(input.value));
    if (!branch) return node;
    node = branch;
  }
}

function typeOf(root: SchemaNode, { $ref, type }: SchemaNode): SchemaNode['type'] {
  return $ref === undefined ? type : typeOf(root, resolve(root, $ref));
}

function resolve(root: SchemaNode, ref: string): SchemaNode {
  return behindRef(ref, root) as SchemaNode;
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}
