// Which variants go in batches where batches are asked for, whose others go as calls, and why.
import { type BatchWireName, batchWireOf } from '../../core/batch.ts';
import type { Manifest, Variant } from '../../core/manifest.ts';

export type Way =
  | { readonly kind: 'batch'; readonly wire: BatchWireName }
  /** `why`: null = batches are not asked for. */
  | { readonly kind: 'call'; readonly why: string | null };

export function wayOf(
  { execution, providers }: Pick<Manifest, 'execution' | 'providers'>,
  variant: Variant,
): Way {
  if (execution.batch !== true) return CALL;
  const { harness, mcp, maxTurns } = variant;
  if (harness !== null) return { kind: 'call', why: `its harness (${harness.kind}) asks by itself` };
  if (mcp !== null) return { kind: 'call', why: 'tools of an MCP server answer while the model waits' };
  if (maxTurns > 1) return { kind: 'call', why: `max_turns: ${maxTurns} asks again with each result` };
  const provider = providers[variant.provider]!;
  const wire = batchWireOf(provider);
  if (wire !== null) return { kind: 'batch', wire };
  const { name, type } = provider;
  const what =
    type === 'sim'
      ? `provider ${name} is a simulation that ends with each run (base_url names one that stays)`
      : `provider ${name} is of type ${type}, whose batches expgraph does not know`;
  return { kind: 'call', why: what };
}

const CALL: Way = { kind: 'call', why: null };

/** One line for each reason why something goes as calls although batches are asked for. */
export function callsBeside(
  manifest: Pick<Manifest, 'execution' | 'providers' | 'variants'>,
): readonly { readonly why: string; readonly variants: readonly string[] }[] {
  const reasons = new Map<string, string[]>();
  for (const variant of manifest.variants) {
    const way = wayOf(manifest, variant);
    if (way.kind === 'batch' || way.why === null) continue;
    reasons.set(way.why, [...(reasons.get(way.why) ?? []), variant.name]);
  }
  return [...reasons].map(([why, variants]) => ({ why, variants }));
}
