// What the agent may look up.
import type { JsonObject, VariantToolParam } from 'expgraph';

const STOCK: { readonly [item: string]: { readonly left: number; readonly shelf: string } } = {
  tea: { left: 12, shelf: 'B4' },
  mugs: { left: 0, shelf: 'C1' },
};

export const TOOLS: VariantToolParam[] = [
  {
    type: 'function',
    function: {
      name: 'look_up',
      description: 'How many of an item are left, and on which shelf it is.',
      parameters: {
        type: 'object',
        required: ['item'],
        properties: { item: { type: 'string', enum: Object.keys(STOCK) } },
      },
    },
  },
];

export function lookUp(tool: string, { item }: JsonObject): JsonObject {
  if (tool !== 'look_up') return { error: 'there is no such tool' };
  const found = typeof item === 'string' && Object.hasOwn(STOCK, item) ? STOCK[item] : undefined;
  return found ?? { error: 'there is no such item' };
}
