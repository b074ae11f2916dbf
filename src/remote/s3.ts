// A bucket of any store that speaks S3, as a remote: GetObject, and PutObject with If-None-Match.
import type { RemoteSettings } from '../core/remote.ts';
import { type Answer, makeExchange } from './exchange.ts';
import { filesOverHttp } from './over-http.ts';
import type { RemoteFiles, RemoteWorld } from './remote.ts';
import { credentialsOf, placeOf, type Who } from './s3-place.ts';
import { s3Refusal, toldBy } from './s3-refusal.ts';
import { type S3Credentials, signedHeaders } from './s3-sign.ts';

export function openS3(settings: RemoteSettings, world: RemoteWorld): RemoteFiles {
  const { env, clock } = world;
  const place = placeOf(settings, env);
  const who = credentialsOf(settings, env);
  const exchange = makeExchange({ env, clock, timeoutMs: settings.timeoutMs });

  async function ask(input: {
    readonly method: 'GET' | 'PUT';
    readonly name: string;
    readonly headers: { readonly [name: string]: string };
    readonly body: Uint8Array | null;
    readonly maxBytes: number;
    readonly signal: AbortSignal;
  }): Promise<Answer> {
    const { method, name, headers, body, maxBytes, signal } = input;
    const url = place.urlOf(name);
    // Each attempt has its own time, and so its own signature.
    const signing = { method, url, headers, body, region: place.region, now: clock.now() };
    const sent = who.credentials === null ? headers : await signedHeaders(who.credentials, signing);
    return exchange.ask({ method, url, headers: sent, body, maxBytes, signal });
  }

  return filesOverHttp(
    {
      shown: place.shown,
      secrets: secretsOf(who),
      get: (name, limits) => ask({ method: 'GET', name, headers: {}, body: null, ...limits }),
      put: (name, body, signal) =>
        ask({
          ...{ method: 'PUT', name, body, signal, maxBytes: 0 },
          headers: { 'if-none-match': '*', 'content-type': 'application/octet-stream' },
        }),
      // Two writers at one time: one is told to come again, and then what has become of it.
      isPassing: ({ status }) => status === 409,
      isNone: (answer) => answer.status === 404 && toldBy(answer).code !== 'NoSuchBucket',
      isThere: ({ status }) => status === 412,
      refusal: (answer, asked) => s3Refusal(answer, { asked, place, who, now: clock.now() }),
      close: exchange.close,
    },
    world,
  );
}

function secretsOf({ credentials, named }: Who): { readonly name: string; readonly value: string }[] {
  if (credentials === null) return [];
  const { accessKeyId, secretAccessKey, sessionToken } = credentials satisfies S3Credentials;
  return [
    { name: named.accessKey, value: accessKeyId },
    { name: named.secretKey, value: secretAccessKey },
    ...(sessionToken === null ? [] : [{ name: named.sessionToken, value: sessionToken }]),
  ];
}
