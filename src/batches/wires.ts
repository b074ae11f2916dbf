// The table of vendors' forms of batches.
import type { BatchWireName } from '../core/batch.ts';
import type { Endpoint } from '../core/order.ts';
import { anthropicWire } from './anthropic-wire.ts';
import { openAiWire } from './openai-wire.ts';
import type { BatchWire } from './wire.ts';

export function wireOf(name: BatchWireName, { api }: Pick<Endpoint, 'api'>): BatchWire {
  return WIRES[name](api);
}

const WIRES: { readonly [name in BatchWireName]: (api: Endpoint['api']) => BatchWire } = {
  openai: openAiWire,
  anthropic: () => anthropicWire,
};
