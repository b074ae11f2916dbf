// What a store's refusal means. S3 says it in a few elements of XML, which are looked for and never evaluated.
import type { Answer } from './exchange.ts';
import type { Refusal } from './over-http.ts';
import type { S3Place, Who } from './s3-place.ts';

export type Told = { readonly code: string | null; readonly message: string | null };

/** The first of each, as text; a page of a proxy has none of them. */
export function toldBy({ body }: Pick<Answer, 'body'>): Told & { readonly region: string | null } {
  const text = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 16_384)).toString('utf8');
  const element = (name: string, pattern: string): string | null =>
    new RegExp(`<${name}>(${pattern})</${name}>`).exec(text)?.[1] ?? null;
  const message = element('Message', '[^<]{0,500}');
  return {
    code: element('Code', '[A-Za-z0-9.]{1,100}'),
    message: message === null ? null : plain(message),
    region: element('Region', '[a-z0-9-]{1,40}'),
  };
}

const ENTITIES: { readonly [name: string]: string } = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function plain(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!).trim();
}

/** Codes of credentials that the store does not take, whatever is asked for. */
const UNKNOWN_KEY = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'ExpiredToken',
  'TokenRefreshRequired',
  'InvalidSecurity',
  'MissingSecurityHeader',
  'NotSignedUp',
  'AuthFailure',
]);

export type Asked = {
  readonly asked: 'read' | 'write';
  readonly place: S3Place;
  readonly who: Who;
  readonly now: Date;
};

export function s3Refusal(answer: Answer, { asked, place, who, now }: Asked): Refusal {
  const { status, headers } = answer;
  const { code, message, region: inBody } = toldBy(answer);
  const what = [`${code ?? 'refused'} (${status})`, ...(message === null ? [] : [message])].join(': ');
  const { named } = who;
  if (code === 'RequestTimeTooSkewed' || code === 'RequestExpired')
    return { kind: 'unauthorized', what: `${code} (${status})`, advice: clockAdvice(headers.date, now) };
  if (code === 'ExpiredToken' || code === 'TokenRefreshRequired')
    return { kind: 'unauthorized', what, advice: `get new credentials: ${named.sessionToken} is too old` };
  const header = headers['x-amz-bucket-region'];
  const region = (typeof header === 'string' ? header : null) ?? inBody;
  if (region !== null && region !== place.region && (status === 301 || status === 307 || status === 400)) {
    const elsewhere = `the bucket is in the region ${region}, not in ${place.region} (${status})`;
    return { kind: 'refused', what: elsewhere, advice: `write region: ${region} under "remote"` };
  }
  if (status === 401 || (code !== null && UNKNOWN_KEY.has(code)))
    return { kind: 'unauthorized', what, advice: keyAdvice(who) };
  if (status === 403 && who.credentials === null)
    return { kind: 'unauthorized', what, advice: keyAdvice(who) };
  if (status === 403) return { kind: 'forbidden', what, advice: rightsAdvice(asked) };
  if (code === 'NoSuchBucket')
    return {
      kind: 'refused',
      what: `there is no bucket ${place.bucket} (404)`,
      advice: 'make it, or correct its name',
    };
  if (status === 501 || code === 'NotImplemented')
    return {
      ...{ kind: 'unsupported', what },
      advice: 'the store does not write on the condition that nothing is there (If-None-Match): use another',
    };
  if (status === 405) return { kind: 'forbidden', what, advice: 'write push: false under "remote"' };
  if (status === 413 || code === 'EntityTooLarge') return { kind: 'too-large', what };
  if (status === 429 || status === 409 || status >= 500) return { kind: 'network', what };
  if (status >= 300 && status < 400)
    return {
      ...{ kind: 'refused', what: `the store sends on (${status}), which is not followed here` },
      advice: 'write the endpoint and the region of the bucket under "remote"',
    };
  return { kind: 'refused', what };
}

function keyAdvice({ credentials, named }: Who): string {
  const { accessKey, secretKey } = named;
  return credentials === null
    ? `no key is set: export ${accessKey}=... and ${secretKey}=...`
    : `look at the values of ${accessKey} and ${secretKey}`;
}

function rightsAdvice(asked: Asked['asked']): string {
  return asked === 'write'
    ? 'the key may not write here (s3:PutObject): ask for it, or write push: false under "remote"'
    : 'the key may not read here; it needs s3:GetObject, and s3:ListBucket, without which a store does not say that a name is not there';
}

/** More than a quarter of an hour, and no signature is taken. */
function clockAdvice(date: string | undefined, now: Date): string {
  const theirs = Date.parse(date ?? '');
  const minutes = Math.round((now.getTime() - theirs) / 60_000);
  const by = Number.isFinite(minutes)
    ? `: it is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead of' : 'behind'} the store's`
    : '';
  return `set the clock of this machine${by}`;
}
