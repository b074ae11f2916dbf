// The account that a scorer asks: named by itself, or the experiment's.
import { didYouMean } from '../../core/nearest.ts';
import { entryOf, PROVIDER_TYPES } from '../../core/providers/table.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';
import { type Account, BUILT_IN } from '../variants/providers.ts';

/** null: there is none, or none that can be asked; that was told. */
export function readAccount(
  reading: Reading,
  input: {
    readonly accounts: ReadonlyMap<string, Account>;
    /** As the scorer names it. */
    readonly written: string | undefined;
    /** Where the scorer's settings stand. */
    readonly own: JsonPath;
    readonly who: 'judge' | 'embedding';
  },
): Account | null {
  const { raw: top, isSpoiled } = reading;
  const { accounts, written, own, who } = input;
  const provider = written ?? top.provider;
  if (provider === undefined) {
    if (!isSpoiled(['provider'])) {
      const hint = `write "provider:" at the top level, or scorers: [{ ${who}: { provider: ..., model: ... } }]`;
      const message = `the ${who} that is asked for has no provider`;
      say(reading, { path: own, part: 'key', code: 'no-provider', message, hint });
    }
    return null;
  }
  const at = written === undefined ? ['provider'] : [...own, 'provider'];
  const account = accounts.get(provider);
  if (!account) {
    // The experiment's own was complained about where its variants were read.
    if (written !== undefined && !isSpoiled(['providers', provider])) {
      const known = new Set([...accounts.keys(), ...Object.keys(BUILT_IN)]);
      const hint = didYouMean(provider, known) ?? `known here: ${[...known].join(', ')}`;
      const message = `there is no provider ${JSON.stringify(provider)}`;
      say(reading, { path: at, code: 'unknown-provider', message, hint });
    }
    return null;
  }
  if (entryOf(account.provider.type).answeredBy !== 'nobody') return account;
  const message = `the provider ${JSON.stringify(provider)} calls no model, and ${who === 'judge' ? 'a judge is one' : 'an embedding is made by one'}`;
  const types = PROVIDER_TYPES.filter((type) => entryOf(type).answeredBy !== 'nobody');
  const hint = `name one of another type: ${types.join(', ')}`;
  say(reading, { path: at, code: 'wrong-value', message, hint });
  return null;
}
