import { describe, expect, it } from 'vitest';
import { makeRedact, redactFields, secretsOf } from '../../src/core/redact.ts';

it('takes out a secret wherever it stands, as it is and as JSON writes it', () => {
  const redact = makeRedact([{ name: 'API_KEY', value: 'sk-"quoted"\\secret' }]);
  const line = JSON.stringify({
    args: JSON.stringify({ key: 'sk-"quoted"\\secret' }),
    text: 'sk-"quoted"\\secret',
  });
  expect(JSON.parse(redact(line))).toEqual({
    args: '{"key":"[redacted:API_KEY]"}',
    text: '[redacted:API_KEY]',
  });
});

it('leaves short values alone: they are words', () => {
  expect(makeRedact([{ name: 'TOKEN', value: 'secret' }])('a secret')).toBe('a secret');
});

it('finds the secrets of an environment by the usual names', () => {
  const env = {
    OPENAI_API_KEY: 'a1',
    LANGSMITH_API_KEY: 'a2',
    GITHUB_TOKEN: 'a3',
    db_password: 'a4',
    AWS_SECRET_ACCESS_KEY: 'a5',
    PATH: '/bin',
    HOME: '/home',
    KEYBOARD: 'de',
  };
  expect(secretsOf(env).map(({ value }) => value)).toEqual(['a1', 'a2', 'a3', 'a4', 'a5']);
});

it('takes the longer of two secrets first', () => {
  const redact = makeRedact([
    { name: 'A_KEY', value: 'abc-efgh' },
    { name: 'B_KEY', value: 'abc-efghijkl' },
  ]);
  expect(redact('abc-efghijkl abc-efgh')).toBe('[redacted:B_KEY] [redacted:A_KEY]');
});

it('takes no word and no number for a secret, whatever the variable is called', () => {
  const redact = makeRedact([
    { name: 'STATE_KEY', value: 'completed' },
    { name: 'PIN_TOKEN', value: '1234567890' },
  ]);
  expect(redact('completed 1234567890')).toBe('completed 1234567890');
});

it('touches only the fields that it is given, and copies only where something is found', () => {
  const redact = makeRedact([{ name: 'A_KEY', value: 'base-line-1' }]);
  const data = { variant: 'base-line-1', output: { text: ['it is base-line-1'] } };
  expect(redactFields(data, { fields: ['output'], redact })).toEqual({
    variant: 'base-line-1',
    output: { text: ['it is [redacted:A_KEY]'] },
  });
  expect(redactFields(data, { fields: ['nothing'], redact })).toBe(data);
});

describe('a secret in another form', () => {
  const VALUE = 'sk-Ärger/0123+456?789 x';
  const redact = makeRedact([{ name: 'KEY', value: VALUE }]);
  const encode = (before: string, after: string, form: 'base64' | 'base64url'): string =>
    Buffer.from(`${before}${VALUE}${after}`).toString(form);

  it.each(['base64', 'base64url'] as const)('%s: alone, and wherever it stands among other bytes', (form) => {
    expect(redact(encode('', '', form))).toBe('[redacted:KEY]');
    for (const before of ['', 'u', 'us', 'user:', 'someone:']) {
      for (const after of ['', '1', '22', ' and more']) {
        const safe = redact(`Basic ${encode(before, after, form)} end`);
        expect(safe).toContain('[redacted:KEY]');
        expect(safe.endsWith(' end')).toBe(true);
        // What is left decodes to nothing of the secret.
        const left = safe.replace('Basic ', '').replace(' end', '').split('[redacted:KEY]');
        for (const part of left) {
          for (let n = 3; n < VALUE.length; n++)
            expect(Buffer.from(part, 'base64').toString('latin1')).not.toContain(VALUE.slice(0, n));
        }
      }
    }
  });

  it('as URLs and forms write it', () => {
    const percent = encodeURIComponent(VALUE);
    expect(redact(`?key=${percent}&x=1`)).toBe('?key=[redacted:KEY]&x=1');
    expect(redact(percent.replaceAll('%20', '+'))).toBe('[redacted:KEY]');
    expect(redact(percent.toLowerCase().replace('sk-%c3%84rger', 'sk-%c3%84rger'))).toBe('[redacted:KEY]');
  });

  it('leaves alone what only looks alike', () => {
    const picture = Buffer.from('a picture of something else entirely, and quite long').toString('base64');
    expect(redact(picture)).toBe(picture);
  });
});
