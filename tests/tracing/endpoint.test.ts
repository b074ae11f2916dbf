// Which variables of LangSmith's SDK mean what here, and at which addresses its routes are.
import { describe, expect, test } from 'vitest';
import { type LangSmithEnv, platformPath, readLangSmithEnv, webUrl } from '../../src/tracing/endpoint.ts';

const KEY = { LANGSMITH_API_KEY: 'lsv2_pt_0123456789abcdef' };

function why(env: LangSmithEnv): string {
  return env.kind === 'on' ? 'on' : `${env.isMeant ? 'off' : 'refused'}: ${env.why}`;
}

describe('tracing is on with a key, unless a variable of the SDK says otherwise', () => {
  test.each([
    [{}, 'on'],
    [{ LANGSMITH_TRACING: 'true' }, 'on'],
    [{ LANGSMITH_TRACING: '"true"' }, 'on'],
    [{ LANGSMITH_TRACING: '' }, 'on'],
    [{ LANGSMITH_TRACING: 'false' }, 'off: LANGSMITH_TRACING is false'],
    [{ LANGCHAIN_TRACING_V2: 'false' }, 'off: LANGCHAIN_TRACING_V2 is false'],
    [{ LANGSMITH_TRACING: '1' }, 'refused: LANGSMITH_TRACING is "1", and only "true" switches tracing on'],
    [
      { LANGSMITH_TRACING: 'True' },
      'refused: LANGSMITH_TRACING is "True", and only "true" switches tracing on',
    ],
    // The first that is set decides.
    [{ LANGSMITH_TRACING_V2: 'false', LANGSMITH_TRACING: 'true' }, 'off: LANGSMITH_TRACING_V2 is false'],
    [{ LANGSMITH_TRACING_V2: 'true', LANGSMITH_TRACING: 'false' }, 'on'],
    [{ LANGSMITH_TRACING: 'true', LANGCHAIN_TRACING: 'false' }, 'on'],
    [{ LANGCHAIN_TRACING_V2: 'true', LANGSMITH_TRACING: 'false' }, 'on'],
  ])('%j: %s', (env, told) => {
    expect(why(readLangSmithEnv({ ...KEY, ...env }))).toBe(told);
  });

  test('nothing is asked for without a key', () => {
    expect(why(readLangSmithEnv({ LANGSMITH_TRACING: 'true' }))).toBe('off: LANGSMITH_API_KEY is not set');
  });
});

describe('ways of the SDK that are not ours are refused in a sentence, or taken as what they are', () => {
  test.each([
    [{ LANGSMITH_TRACING_MODE: 'otel' }, 'LANGSMITH_TRACING_MODE is "otel"'],
    [{ LANGSMITH_TRACING_MODE: 'kafka' }, 'LANGSMITH_TRACING_MODE is "kafka"'],
    [{ OTEL_ENABLED: 'true' }, 'OTEL_ENABLED is "true"'],
    [{ LANGSMITH_OTEL_ENABLED: 'true' }, 'LANGSMITH_OTEL_ENABLED is "true"'],
    [{ LANGSMITH_ENDPOINT: 'smith.example.com' }, 'LANGSMITH_ENDPOINT is not an address'],
    [{ LANGSMITH_RUNS_ENDPOINTS: 'x' }, 'LANGSMITH_RUNS_ENDPOINTS is not a list'],
    [{ LANGSMITH_RUNS_ENDPOINTS: '[{"api_url":"https://a.b"}]' }, 'LANGSMITH_RUNS_ENDPOINTS is not a list'],
    [
      { LANGSMITH_RUNS_ENDPOINTS: '{"https://a.example":"key-of-a-1","https://b.example":"key-of-b-1"}' },
      'LANGSMITH_RUNS_ENDPOINTS names 2 places',
    ],
  ])('%j', (env, told) => {
    const read = why(readLangSmithEnv({ ...KEY, ...env }));
    expect(read).toContain(`refused: ${told}`);
  });

  test('the mode of the SDK goes before the older variable', () => {
    const env = { ...KEY, LANGSMITH_TRACING_MODE: 'LangSmith', OTEL_ENABLED: 'true' };
    expect(readLangSmithEnv(env).kind).toBe('on');
  });

  test('one replica is an endpoint as any, with its key, its project and its workspace', () => {
    const replicas = [
      { api_url: 'https://a.example/api/v1/', api_key: 'key-of-a-1', project_name: 'p', workspace_id: 'w' },
    ];
    expect(readLangSmithEnv({ LANGSMITH_RUNS_ENDPOINTS: JSON.stringify(replicas) })).toMatchObject({
      kind: 'on',
      endpoint: { apiUrl: 'https://a.example/api/v1', apiKey: 'key-of-a-1', workspace: 'w' },
      project: 'p',
    });
  });

  test('what is to be hidden is hidden', () => {
    const env = { ...KEY, LANGCHAIN_HIDE_METADATA: 'true', LANGSMITH_HIDE_INPUTS: 'true' };
    expect(readLangSmithEnv(env)).toMatchObject({ hideMetadata: true, hideInputs: true, hideOutputs: false });
  });
});

test.each([
  ['https://api.smith.langchain.com', '/v1/platform/x', 'https://smith.langchain.com'],
  ['https://eu.api.smith.langchain.com/', '/v1/platform/x', 'https://eu.smith.langchain.com'],
  ['https://ls.example.com/api', '/v1/platform/x', 'https://ls.example.com'],
  ['https://ls.example.com/api/v1', '/platform/x', 'https://ls.example.com'],
  ['https://ls.example.com/api/v1/', '/platform/x', 'https://ls.example.com'],
  ['https://example.com/langsmith/api/v1//', '/platform/x', 'https://example.com/langsmith'],
])('%s has its platform below it at %s, and its pages at %s', (address, path, pages) => {
  const env = readLangSmithEnv({ ...KEY, LANGSMITH_ENDPOINT: address });
  if (env.kind === 'off') throw new Error(env.why);
  const { apiUrl } = env.endpoint;
  expect([platformPath(apiUrl, 'x'), webUrl(apiUrl)]).toEqual([path, pages]);
});
