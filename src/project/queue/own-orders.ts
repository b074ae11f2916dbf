// Orders come from whoever may write to Redis, and a worker has keys and runs programs: it does what its own manifest says, and
// nothing else. Only what is said to the model is the order's.
import { canonicalJson } from '../../core/canonical.ts';
import type { Harness, McpServer } from '../../core/harness.ts';
import type { Provider } from '../../core/manifest.ts';
import type { Order } from '../../core/order.ts';
import { sanitizeLine } from '../../core/text.ts';
import { endpointOf } from '../../variants/request.ts';
import type { Experiment } from '../open/experiment.ts';

/** @returns null = it is this experiment's; else one sentence */
export function makeOwnOrders({ manifest, variants }: Experiment): (order: Order) => string | null {
  const endpoints = new Set(
    Object.values(manifest.providers).map((one) => accountOf(endpointOf(one), one.type)),
  );
  const harnesses = new Map<string, string>();
  const programs = new Map<string, string>();
  for (const { name, harness, mcp } of manifest.variants) {
    if (harness !== null) harnesses.set(`variant ${name}`, harnessText(harness));
    if (mcp !== null) programs.set(`variant ${name}`, mcpText(mcp));
  }
  for (const scorer of manifest.scorers)
    if (scorer.kind === 'code' || scorer.kind === 'command')
      harnesses.set(`scorer ${scorer.name}`, harnessText(scorer.harness));

  return (order) => {
    const { cell, endpoint, work, mcp, score } = order;
    const who = score === undefined ? `variant ${cell.variant}` : `scorer ${score.scorer}`;
    const told = sanitizeLine(who);
    if (score === undefined && !variants.has(cell.variant)) return `there is no ${told} here`;
    if (work !== undefined && harnesses.get(who) !== harnessText(work.harness))
      return `the order of ${told} names other code than the manifest here`;
    if (mcp !== undefined && programs.get(who) !== mcpText(mcp))
      return `the order of ${told} names another MCP server than the manifest here`;
    if (!asksNobody(order) && !endpoints.has(accountOf(endpoint, endpoint.type)))
      return `the order of ${told} asks at another address than the manifest here`;
    return null;
  };
}

/** A program and code without a provider get no key of an account. */
function asksNobody({ endpoint, work }: Order): boolean {
  return work !== undefined && endpoint.apiKeyEnv === null && Object.keys(endpoint.headers).length === 0;
}

/** A simulation that was started for a run is where that run started it, and has no key. */
function accountOf(endpoint: Order['endpoint'], type: Provider['type']): string {
  return text(type === 'sim' ? { type } : endpoint);
}

function harnessText(harness: Harness): string {
  return text(harness.kind === 'pytest' ? { ...harness, survey: null, reach: null } : harness);
}

/** What it was seen to offer counts in the key, and starts nothing. */
function mcpText(mcp: McpServer): string {
  return text({ ...mcp, seen: null });
}

/** As it is after it has travelled. */
function text(value: object): string {
  return canonicalJson(JSON.parse(JSON.stringify(value)));
}
