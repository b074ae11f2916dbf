// What makes an account one, between invocations: who is asked, by which key, and within which limits. No secret is in it.
import { digestOf } from '../../core/canonical.ts';
import type { JsonObject } from '../../core/json.ts';
import type { KeptLimits } from '../../core/limit-memory.ts';
import type { Provider } from '../../core/manifest.ts';
import type { Redact } from '../../core/redact.ts';
import type { Experiment } from './experiment.ts';
import type { KeptAccount } from './limits-file.ts';

/** Another address, another variable of the key or other declared limits are another account; the key itself is not looked at. */
export function accountDigest(input: {
  readonly lane: string;
  /** null = whoever a client of somebody else asked; the lane's name has the host. */
  readonly provider: Provider | null;
  readonly redact: Redact;
}): string {
  const { lane, provider, redact } = input;
  const isOurs = provider?.type === 'sim' && provider.baseUrl === null;
  return digestOf({
    lane,
    type: provider?.type ?? null,
    address: provider?.baseUrl ? placeOf(redact(provider.baseUrl)) : null,
    key: provider?.apiKeyEnv ?? null,
    limits: provider?.limits ?? null,
    // A simulation that is started anew each time is what its settings make it.
    sim: isOurs ? (provider.sim as unknown as JsonObject) : null,
  });
}

/** Without what may be a secret of its own: name, password, query. */
function placeOf(address: string): string {
  if (!URL.canParse(address)) return '';
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

/** Of what is kept, what is of accounts as the manifest has them now. */
export function presentAccounts(
  kept: readonly KeptAccount[],
  { manifest, redact }: Pick<Experiment, 'manifest' | 'redact'>,
): readonly KeptLimits[] {
  const providers = [null, ...Object.values(manifest.providers)];
  const isPresent = ({ lane, account }: KeptAccount): boolean =>
    providers.some((provider) => accountDigest({ lane, provider, redact }) === account);
  return kept.filter(isPresent).map(({ account: _, ...limits }) => limits);
}
