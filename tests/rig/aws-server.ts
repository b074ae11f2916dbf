// Amazon Bedrock's Converse API as far as its door: who signs wrongly is refused, and everybody else is answered in a word. Signatures are
// reckoned from AWS's own description: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export type AwsAccount = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly region: string;
  /** Of Bedrock's own keys. */
  readonly bearer: string;
};

export type AwsServer = AsyncDisposable & {
  readonly url: string;
  /** Of requests that were let in. */
  readonly taken: readonly {
    readonly path: string;
    readonly by: 'signature' | 'bearer';
    readonly body: string;
  }[];
  /** Why others were not. */
  readonly refused: readonly string[];
};

export async function startAws(account: AwsAccount): Promise<AwsServer> {
  const taken: AwsServer['taken'][number][] = [];
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const problem = problemOf(request, body, account);
      response.setHeader('content-type', 'application/json');
      if (problem !== null) {
        refused.push(problem);
        response.statusCode = 403;
        response.setHeader('x-amzn-errortype', 'InvalidSignatureException');
        response.end(JSON.stringify({ message: problem }));
        return;
      }
      const by = /^bearer /i.test(request.headers.authorization ?? '') ? 'bearer' : 'signature';
      taken.push({ path: request.url!, by, body: body.toString('utf8') });
      response.end(JSON.stringify(ANSWER));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...{ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, taken, refused },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

const ANSWER = {
  output: { message: { role: 'assistant', content: [{ text: 'Said.' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 3, outputTokens: 2, totalTokens: 5 },
  metrics: { latencyMs: 1 },
};

function problemOf(request: IncomingMessage, body: Buffer, account: AwsAccount): string | null {
  const { authorization = '' } = request.headers;
  if (/^bearer /i.test(authorization))
    return authorization.slice(7) === account.bearer ? null : 'The bearer token is not valid.';
  const found =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/bedrock\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
      authorization,
    );
  if (found === null) return `no signature: ${authorization}`;
  const [, keyId, day, region, names, signature] = found as unknown as readonly string[];
  if (keyId !== account.accessKeyId || region !== account.region) return 'another account or region';
  if (request.headers['x-amz-security-token'] !== account.sessionToken) return 'no session token';
  if (!names!.split(';').includes('host')) return 'the host is not signed';
  const date = String(request.headers['x-amz-date']);
  const [path = '', query = ''] = request.url!.split('?');
  const canonical = [
    ...[request.method, path.split('/').map(encoded).join('/'), query],
    ...names!
      .split(';')
      .map((name) => `${name}:${String(request.headers[name]).trim().replace(/\s+/g, ' ')}`),
    ...['', names, hex(body)],
  ].join('\n');
  const text = ['AWS4-HMAC-SHA256', date, `${day}/${region}/bedrock/aws4_request`, hex(canonical)].join('\n');
  const key = [day!, region!, 'bedrock', 'aws4_request'].reduce<Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    Buffer.from(`AWS4${account.secretAccessKey}`),
  );
  const own = createHmac('sha256', key).update(text).digest();
  if (!timingSafeEqual(own, Buffer.from(signature!, 'hex')))
    return 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
  return null;
}

/** Each segment once more: it comes encoded already. */
function encoded(segment: string): string {
  return encodeURIComponent(segment).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hex(data: Buffer | string): string {
  return createHash('sha256').update(data).digest('hex');
}
