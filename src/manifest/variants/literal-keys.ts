// A key that stands in the manifest: who reads the file has it. It is said where it belongs, and taken out of all that is written.

import type { EnvValue } from '../../core/env.ts';
import { secretIn } from '../../core/secret-shapes.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

/** @returns the keys, so that they are redacted wherever they would be written */
export function warnOfKeys(reading: Reading): readonly EnvValue[] {
  const found: EnvValue[] = [];
  walk(reading.document.value, []);
  return found;

  function walk(node: unknown, path: JsonPath): void {
    if (typeof node === 'string') look(node, path);
    else if (Array.isArray(node)) {
      node.forEach((item, index) => {
        walk(item, [...path, index]);
      });
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, member] of Object.entries(node)) walk(member, [...path, name]);
    }
  }

  function look(text: string, path: JsonPath): void {
    const name = String(path.findLast((step) => typeof step === 'string') ?? '');
    const secret = secretIn(text, name);
    if (secret === null || PUBLIC.has(name)) return;
    const isKept = !path.some((step) => SETTINGS.has(String(step)));
    const shown = path.filter((step) => typeof step === 'string').join('.');
    if (!isKept) found.push({ name: shown, value: secret });
    // Said already: it is no field, or no value of one.
    if (reading.isSpoiled(path) || isRefused(text, path)) return;
    const what = `what looks like a key stands in "${name}"`;
    const message = isKept
      ? `${what}, which is sent and written to the history as it stands`
      : `${what}, and whoever is given this file has it`;
    say(reading, { path, severity: 'warning', code: 'literal-key', message, hint: hintFor(path) });
  }
}

/** Of these it is taken out of all that is written. A prompt is kept as it is: who tells a model a secret to guard wants to see it told. */
const SETTINGS = new Set([
  'providers',
  'remote',
  'params',
  'env',
  'mcp',
  'tracing',
  'command',
  'args',
  'options',
]);

/** What is no key, whatever it looks like. */
const PUBLIC = new Set(['description', 'api_key_env', 'name']);

/** Of a remote's address it is a mistake (manifest/remote.ts). */
function isRefused(text: string, [top]: JsonPath): boolean {
  const url = top === 'remote' ? URL.parse(text) : null;
  return url !== null && (url.username !== '' || url.password !== '');
}

function hintFor(path: JsonPath): string {
  const [top, , field] = path;
  if (top === 'remote')
    return 'put it into an environment variable, and name that: access_key_env and secret_key_env, or token_env';
  if (path.includes('env'))
    return 'put it into an environment variable, and its name here: pass_env: [MY_KEY]';
  if (
    top === 'providers' &&
    (field === 'headers' || field === 'query' || field === 'base_url' || field === 'proxy')
  )
    return 'put it into an environment variable, and read it here: "${MY_KEY}"';
  return 'keys stay in environment variables: providers: { ..., api_key_env: OPENAI_API_KEY }; revoke one that was shared';
}
