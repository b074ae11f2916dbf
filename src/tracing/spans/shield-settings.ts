// What a shield needs of its surroundings: the values of secret variables, and the rules as regular expressions.
import type { Env } from '../../core/env.ts';
import { makeRedact, secretsOf } from '../../core/redact.ts';
import type { Shield } from '../../core/trace.ts';
import { replicaKeys } from '../endpoint.ts';
import { loadSecretRules } from './sdk.ts';
import { type Rule, type ShieldSettings, userRules } from './shield.ts';

export async function loadShield(input: {
  readonly env: Env;
  readonly shield: Shield;
}): Promise<ShieldSettings> {
  return shieldSettings({ ...input, secretRules: await loadSecretRules() });
}

export function shieldSettings(input: {
  readonly env: Env;
  readonly shield: Shield;
  readonly secretRules: readonly Rule[];
}): ShieldSettings {
  const { env, shield, secretRules } = input;
  const named = shield.secretNames.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [{ name, value }];
  });
  const ofReplicas = replicaKeys(env).map((value) => ({ name: 'LANGSMITH_RUNS_ENDPOINTS', value }));
  const redact = makeRedact([...named, ...secretsOf(env), ...ofReplicas]);
  // The user's own come first: what they leave is looked at for shapes of credentials.
  return { shield, redact, rules: [...userRules(shield), ...secretRules] };
}
