// What an endpoint says when it is asked for its list of models, which costs nothing.
import type { Provider } from '../../core/manifest.ts';
import { entryOf } from '../../core/providers/table.ts';
import { formatAmount } from '../../text/format.ts';
import { endpointOf } from '../../variants/request.ts';
import type { Experiment } from '../open/experiment.ts';
import type { World } from '../open/world.ts';
import { type Check, ok, PROBE_MS } from './check.ts';

export async function endpointChecks(
  world: World,
  { provider, experiment }: { readonly provider: Provider; readonly experiment: Experiment },
): Promise<readonly Check[]> {
  const name = `endpoint of ${provider.name}`;
  if (provider.type === 'sim' && provider.baseUrl === null) {
    return [ok(name, 'the built-in simulation, started with each run: it is no model')];
  }
  const base = (provider.baseUrl ?? entryOf(provider.type).defaults.baseUrl ?? '').replace(/\/+$/, '');
  const [{ probe }, { openEndpoint }] = await Promise.all([
    import('../../providers/index.ts'),
    import('../../providers/open-endpoint.ts'),
  ]);
  const signal = AbortSignal.timeout(PROBE_MS);
  const { env, clock } = world;
  const endpoint = openEndpoint(endpointOf(provider), { env, folder: experiment.manifest.folder });
  const answer = endpoint.kind === 'ok' ? await probe(endpoint.value, { env, clock, signal }) : endpoint;
  if (answer.kind === 'ok') {
    const { status, models } = answer.value;
    if (status !== 401 && status !== 403) {
      const isListed = status === 200 && models !== null;
      const list = isListed
        ? `it lists ${formatAmount(models.length, 'model')}`
        : 'it has no list of models, which is fine';
      const answers = ok(name, `${base} answers (${status} to GET /models): ${list}${ownLimit(provider)}`);
      return isListed ? [answers, ...(await modelChecks(experiment, { provider, models }))] : [answers];
    }
    const advice = `check the value of ${provider.apiKeyEnv ?? 'the key'}`;
    return [{ name, state: 'failed', found: `${base} refuses the key (${status})`, advice }];
  }
  const { kind, message } = answer.error;
  // Said of the key above.
  if (kind === 'unauthorized')
    return [{ name, state: 'off', found: 'not asked without its key', advice: null }];
  const why = signal.aborted ? `no answer in ${PROBE_MS / 1000} s` : message;
  const advice = 'start the server, or correct base_url under providers';
  return [{ name, state: 'failed', found: `${base} cannot be reached: ${why}`, advice }];
}

/** A warning: some gateways take more than they list. */
async function modelChecks(
  experiment: Experiment,
  { provider, models }: { readonly provider: Provider; readonly models: readonly string[] },
): Promise<readonly Check[]> {
  const { unlisted } = await import('./models.ts');
  return unlisted(experiment, { provider: provider.name, models }).map(({ model, advice }) => ({
    name: `model of ${provider.name}`,
    state: 'warning',
    found: `${model} is not in its list`,
    advice,
  }));
}

function ownLimit({ settings }: Provider): string {
  const { timeoutMs = null } = settings ?? {};
  return timeoutMs === null ? '' : `; each call may take ${timeoutMs / 1000} s`;
}
