// What a model costs that nobody priced: nothing on this machine, unknown elsewhere.
import { expect, it } from 'vitest';
import { isLoopback, priceIn } from '../../src/core/price.ts';

it.each([
  'http://127.0.0.1:11434/v1',
  'http://127.9.9.9/v1',
  'http://127.1:8000/v1',
  'http://localhost:1234/v1',
  'http://LOCALHOST.:1234/v1',
  'http://models.localhost/v1',
  'http://[::1]:8080/v1',
  'http://[::ffff:127.0.0.1]:8080/v1',
  'http://0.0.0.0:8000/v1',
  'http://host.docker.internal:11434/v1',
  'http://host.containers.internal:11434/v1',
])('takes %s for this machine', (url) => {
  expect(isLoopback(url)).toBe(true);
});

it.each([
  'https://api.openai.com/v1',
  'http://10.0.0.7:8000/v1',
  'http://192.168.1.2/v1',
  'http://localhost.example.com/v1',
  'http://notlocalhost/v1',
  'http://127.0.0.1.example.com/v1',
  'http://ollama:11434/v1',
  'http://[2001:db8::1]/v1',
  'no address',
])('takes %s for somebody else', (url) => {
  expect(isLoopback(url)).toBe(false);
});

it('knows a declared price before all else, and names of Object.prototype are no models', () => {
  const declared = { input: 1, cachedInput: null, output: 2 };
  const local = { pricing: { dear: declared }, isLocal: true as const };
  expect(priceIn(local, 'dear')).toEqual(declared);
  expect(priceIn(local, 'constructor')).toMatchObject({ input: 0, output: 0, isAssumed: true });
  expect(priceIn({ pricing: {} }, 'constructor')).toBeNull();
});
