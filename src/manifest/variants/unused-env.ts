// `${NAME}` is replaced in providers only; anywhere else it is text, which is worth a word: somebody may have hoped.
import { envReferences } from '../documents/env.ts';
import type { JsonPath } from '../errors/place.ts';
import { type Reading, say } from '../reading.ts';

export function warnOfReferences(reading: Reading, value: unknown): void {
  walk(value, []);

  function walk(node: unknown, path: JsonPath): void {
    if (typeof node === 'string') {
      for (const reference of new Set(envReferences(node))) {
        const message = `${reference} is not replaced here: the environment is read in providers only`;
        say(reading, { path, needle: reference, severity: 'warning', code: 'env-outside', message });
      }
    } else if (Array.isArray(node)) {
      node.forEach((item, index) => {
        walk(item, [...path, index]);
      });
    } else if (typeof node === 'object' && node !== null) {
      for (const [name, member] of Object.entries(node)) {
        if (path.length > 0 || name !== 'providers') walk(member, [...path, name]);
      }
    }
  }
}
