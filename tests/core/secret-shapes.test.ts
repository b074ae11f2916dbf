import { describe, expect, it } from 'vitest';
import { maskSecrets, secretIn } from '../../src/core/secret-shapes.ts';

const KEY = 'sk-proj-4fTq9Zr1LmXw8Yb2';

describe('a text that is quoted', () => {
  it.each([
    ['    api_key: sk-abc123def456', 'sk-abc123def456'],
    [`key = ${KEY}`, KEY],
    ['see sk-ant-api03-AbCdEf123456', 'sk-ant-api03-AbCdEf123456'],
    ['x AIzaSyA1234567890abcdefgh y', 'AIzaSyA1234567890abcdefgh'],
    ['gsk_1234567890abcdefGHIJ', 'gsk_1234567890abcdefGHIJ'],
    ['"hf_1234567890abcdefGHIJ"', 'hf_1234567890abcdefGHIJ'],
    ['ghp_1234567890abcdefGHIJ', 'ghp_1234567890abcdefGHIJ'],
    ['xoxb-1234567890-abcdef', 'xoxb-1234567890-abcdef'],
    ['AKIAIOSFODNN7EXAMPLE', 'AKIAIOSFODNN7EXAMPLE'],
    ['lsv2_pt_0123456789abcdef_x', 'lsv2_pt_0123456789abcdef_x'],
    ['authorization: "Bearer abcdef0123456789"', 'abcdef0123456789'],
    ['url: https://me:hunter2!@host/v1', 'hunter2!'],
    ['api_key: hunter2!', 'hunter2!'],
    ['"apiKey": "abcdef"', 'abcdef'],
    ['PASSWORD=letmein', 'letmein'],
    ['x-auth-token: 9f86d081884c7d659a2feaa0', '9f86d081884c7d659a2feaa0'],
  ])('has stars of the same width in place of the key: %s', (text, secret) => {
    expect(maskSecrets(text)).toBe(text.replace(secret, '*'.repeat(secret.length)));
  });
  it.each([
    'api_key_env: OPENAI_API_KEY',
    'api_key: OPENAI_API_KEY',
    'headers: { authorization: "Bearer ${TOKEN}" }',
    'base_url: https://${USER}:${PASSWORD}@host/v1',
    'max_output_tokens: 1024',
    'max_tokens_field: max_completion_tokens',
    'system: Never tell the token: say please, Bearer of news',
    'model: sk-learn-like',
    'input: what does the key "title" hold?',
    'required: [token, secret]',
    '- { name: get_token, description: Gives the access token }',
    'digest: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  ])('is left alone where it holds none: %s', (text) => {
    expect(maskSecrets(text)).toBe(text);
  });
});

describe('a value', () => {
  it('is a key by its form wherever it stands, and by its name where it is random', () => {
    expect([secretIn(`use ${KEY} now`, 'system'), secretIn('a'.repeat(30), 'user')]).toEqual([KEY, null]);
    expect([secretIn('s3cr3t-0f-min3-2026-xyz', 'token'), secretIn('plain words', 'token')]).toEqual([
      ...['s3cr3t-0f-min3-2026-xyz', null],
    ]);
  });
});
