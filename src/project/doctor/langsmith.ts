// Whether traces would arrive.
import { readTracing } from '../langsmith/settings.ts';
import type { Experiment } from '../open/experiment.ts';
import { packageVersion } from '../open/provenance.ts';
import type { World } from '../open/world.ts';
import { type Check, ok, PROBE_MS } from './check.ts';

export async function langsmithCheck(world: World, experiment: Experiment): Promise<Check> {
  const name = 'LangSmith';
  const state = readTracing(world, experiment);
  if (state.kind === 'off') {
    const found = `no tracing: ${state.why}`;
    if (state.isMeant) return { name, state: 'off', found, advice: null };
    return {
      name,
      state: 'warning',
      found,
      advice: 'tracing: { langsmith: false } in the manifest means it',
    };
  }
  const { endpoint, project } = state.tracing;
  const { makeService } = await import('../../tracing/upload/service.ts');
  const service = makeService(endpoint, { version: packageVersion(), timeoutMs: PROBE_MS });
  const answer = await service.call({ method: 'GET', path: '/sessions?limit=1' });
  switch (answer.kind) {
    case 'unauthorized':
      return {
        name,
        state: 'warning',
        found: `${endpoint.apiUrl} refuses the key (${answer.why})`,
        advice: 'check LANGSMITH_API_KEY, LANGSMITH_ENDPOINT (the EU has its own) and LANGSMITH_WORKSPACE_ID',
      };
    case 'busy':
      return {
        name,
        state: 'warning',
        found: `${endpoint.apiUrl} cannot be reached: ${answer.why}`,
        advice: 'runs go on; traces wait in artifacts/ for npx expgraph langsmith push',
      };
    case 'stranger':
    case 'missing':
      return {
        name,
        state: 'warning',
        found: `${endpoint.apiUrl} is not LangSmith's API: ${answer.kind === 'missing' ? `it answers ${answer.why}` : answer.why}`,
        advice: 'check LANGSMITH_ENDPOINT; self-hosted LangSmith has a path: https://host/api/v1',
      };
    default:
      return ok(name, `traces go to project ${project} at ${endpoint.apiUrl}`);
  }
}
