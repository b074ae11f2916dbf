import { expect, it } from 'vitest';
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
