// What travels names the environment and files by their way from the manifest; what is talked to holds values and places.
import { expect, test } from 'vitest';
import { NO_SETTINGS } from '../../src/core/endpoint-settings.ts';
import { openEndpoint } from '../../src/providers/open-endpoint.ts';
import { endpointAt } from '../rig/model-calls.ts';

const here = { env: { HOST: 'models.example', TOKEN: 'is ${HOST}', EMPTY: '' }, folder: '/experiment' };

test('every place that may name the environment is filled in once, and what a value holds is left as it is', () => {
  const endpoint = endpointAt('https://${HOST}/v1', {
    headers: { 'x-token': 'Token ${TOKEN}' },
    settings: {
      ...NO_SETTINGS,
      ...{ query: { code: '${TOKEN}' }, proxy: 'http://u:${TOKEN}@p.example', caFile: 'certs/${HOST}.pem' },
    },
  });
  expect(openEndpoint(endpoint, here)).toEqual({
    kind: 'ok',
    value: {
      ...endpoint,
      baseUrl: 'https://models.example/v1',
      headers: { 'x-token': 'Token is ${HOST}' },
      settings: {
        ...endpoint.settings,
        query: { code: 'is ${HOST}' },
        proxy: 'http://u:is ${HOST}@p.example',
        caFile: '/experiment/certs/models.example.pem',
      },
    },
  });
});

test.each(['EMPTY', 'NOT_THERE', 'constructor'])(
  '%s, which has no value here, is a failure that names it',
  (name) => {
    const endpoint = endpointAt('https://models.example', { headers: { 'x-token': `\${${name}}` } });
    expect(openEndpoint(endpoint, here)).toMatchObject({
      kind: 'err',
      error: { kind: 'unauthorized', message: expect.stringContaining(`set ${name} where the work is done`) },
    });
  },
);
