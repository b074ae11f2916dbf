// Accounts that a package of the AI SDK's specification speaks for: which package, what it is made of, and what it may change
// of what it is asked. Whether it is installed is asked where keys are made (project/open/frames.ts): reading results needs none.
import path from 'node:path';
import type { EnvValue } from '../../core/env.ts';
import type { Provider as RawProvider } from '../../core/generated/experiment.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { Provider, ProviderSdk } from '../../core/manifest.ts';
import { entryOf, isOwnModule, PROVIDER_TYPES } from '../../core/providers/table.ts';
import { secretIn } from '../../core/secret-shapes.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

type At = {
  /** Of the provider. */
  readonly path: JsonPath;
  readonly raw: RawProvider;
  readonly replace: (text: string, path: JsonPath) => string;
};

type SdkRead = {
  readonly sdk?: ProviderSdk;
  readonly secrets: readonly EnvValue[];
};

/** {}: expgraph speaks to it itself, or nobody does. */
export function readSdk(reading: Reading, at: At): SdkRead {
  const { raw, path: place } = at;
  const entry = entryOf(raw.type);
  if (entry.adapter !== 'ai-sdk') {
    sayForPackages(reading, at);
    return { secrets: [] };
  }
  sayUseless(reading, at);
  const named = entry.sdk ?? readPackage(reading, at);
  const secrets: EnvValue[] = [];
  const options = replaceAll((raw.options ?? {}) as JsonObject, {
    reading,
    ...at,
    path: [...place, 'options'],
    secrets,
  });
  return {
    sdk: {
      package: named.package,
      create: named.create,
      method: raw.api ?? null,
      options: options as JsonObject,
      written: (raw.options ?? {}) as JsonObject,
      allow: [...new Set(raw.allow ?? [])].sort(),
    },
    secrets,
  };
}

/** Own code speaks to its vendor as it likes: what it consists of counts. Read where a manifest has any, and nowhere else. */
export async function withSdkCode<Account extends { readonly provider: Provider }>(
  reading: Reading,
  accounts: ReadonlyMap<string, Account>,
): Promise<ReadonlyMap<string, Account>> {
  const own = [...accounts].filter(([, { provider }]) => isOwnModule(provider.sdk?.package ?? ''));
  if (own.length === 0) return accounts;
  const { makeCodeReader } = await import('../code/code.ts');
  const reader = makeCodeReader(reading);
  const all = new Map(accounts);
  for (const [name, account] of own) {
    const sdk = account.provider.sdk!;
    const code = await reader.module(sdk.package, ['providers', name, 'package']);
    const file = path.posix.normalize(sdk.package);
    all.set(name, { ...account, provider: { ...account.provider, sdk: { ...sdk, own: { file, code } } } });
  }
  return all;
}

/** What a package is told, expgraph's own calls are not. */
function sayForPackages(reading: Reading, { path: place, raw }: At): void {
  for (const setting of ['options', 'allow'] as const) {
    if (raw[setting] === undefined || raw.type === undefined) continue;
    const types = PROVIDER_TYPES.filter((type) => entryOf(type).adapter === 'ai-sdk');
    say(reading, {
      path: [...place, setting],
      part: 'key',
      code: 'wrong-value',
      message: `"${setting}" is for providers that a package speaks for, not for type ${raw.type}`,
      hint: `types with a package: ${types.join(', ')}`,
    });
  }
}

/** Settings of the OpenAI wire that no package can be told. */
function sayUseless(reading: Reading, { path: place, raw }: At): void {
  const useless = [
    ['echo', raw.echo !== undefined, 'the package says back what the model said, in its own form'],
    ['max_tokens_field', raw.max_tokens_field !== undefined, 'the package calls it what its API does'],
    ['auth', raw.auth === 'bearer', 'the package sends its key as its vendor wants it'],
  ] as const;
  for (const [setting, isWritten, hint] of useless) {
    if (!isWritten) continue;
    const message = `"${setting}" says nothing to a provider of type ${raw.type}`;
    say(reading, { path: [...place, setting], part: 'key', code: 'wrong-value', message, hint });
  }
}

const PACKAGE = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(?:\/[\w./-]+)?$/;

function readPackage(
  reading: Reading,
  { path: place, raw }: At,
): { readonly package: string; readonly create: string } {
  const { package: name = '', create = '' } = raw;
  const lacks = (setting: string, hint: string): void => {
    if (reading.isSpoiled([...place, setting])) return;
    const message = `a provider of type ai-sdk needs "${setting}"`;
    say(reading, { path: [...place, 'type'], code: 'missing-key', message, hint });
  };
  if (name === '')
    lacks('package', 'for example: package: "@ai-sdk/perplexity", or a file of yours: ./acme.ts');
  if (create === '')
    lacks('create', 'the function that makes a provider of settings, for example: create: createPerplexity');
  if (name !== '' && !isOwnModule(name) && !PACKAGE.test(name)) {
    say(reading, {
      path: [...place, 'package'],
      code: 'wrong-value',
      message: `${JSON.stringify(name)} is neither a package's name nor a path from the manifest's folder`,
      hint: 'for example: package: "@ai-sdk/perplexity", or a file of yours: ./acme.ts',
    });
  }
  return { package: name, create };
}

/** What has a field of its own: said twice, nobody knows which is meant, and a key would be no secret. */
const FIELDS: { readonly [option: string]: string } = {
  apikey: 'name the variable that holds it: api_key_env: ...',
  baseurl: 'write base_url: ... beside "options"',
  headers: 'write headers: { ... } beside "options"',
  fetch: 'expgraph makes the requests',
};

type Replacing = At & { readonly reading: Reading; readonly secrets: EnvValue[] };

function replaceAll(value: Json, at: Replacing): Json {
  if (typeof value === 'string') return replaceText(value, at);
  if (Array.isArray(value))
    return value.map((one: Json, i) => replaceAll(one, { ...at, path: [...at.path, i] }));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const path = [...at.path, name];
      const hint = at.path.at(-1) === 'options' ? FIELDS[name.toLowerCase()] : undefined;
      if (hint !== undefined && at.path.length === 3) {
        const message = `"${name}" in options: expgraph sets it`;
        say(at.reading, { path, part: 'key', code: 'reserved-option', message, hint });
      }
      return [name, replaceAll(member ?? null, { ...at, path })];
    }),
  );
}

function replaceText(text: string, { path: place, replace, reading, secrets }: Replacing): string {
  const replaced = replace(text, place);
  const name = String(place.findLast((step) => typeof step === 'string'));
  // As packages spell them: secretAccessKey, authToken.
  const apart = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1_$2');
  const secret = secretIn(replaced, apart);
  if (secret === null) return replaced;
  secrets.push({ name, value: secret });
  if (replaced === text && secretIn(text, name) === null) {
    const message = `what looks like a key stands in "${name}", and whoever is given this file has it`;
    const hint = 'put it into an environment variable, and read it here: "${MY_KEY}"';
    say(reading, { path: place, severity: 'warning', code: 'literal-key', message, hint });
  }
  return replaced;
}

/** As written, without what may be secret; nothing of other providers. */
export function printableSdk({ sdk }: { readonly sdk?: ProviderSdk }): JsonObject {
  if (sdk === undefined) return {};
  return {
    package: sdk.package,
    create: sdk.create,
    // Their values are credentials more often than not.
    ...(Object.keys(sdk.written).length === 0 ? {} : { options: Object.keys(sdk.written).sort() }),
    ...(sdk.allow.length === 0 ? {} : { allow: sdk.allow }),
  };
}
