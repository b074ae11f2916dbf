// Signature Version 4 of a request (docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html).
import { createHash } from 'node:crypto';
import { AwsV4Signer } from 'aws4fetch';

export type S3Credentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | null;
};

export type ToSign = {
  readonly method: 'GET' | 'PUT';
  readonly url: URL;
  readonly headers: { readonly [name: string]: string };
  readonly body: Uint8Array | null;
  readonly region: string;
  readonly now: Date;
};

/** @returns the headers to send, in lower case. The digest of the body is signed: what is damaged on the way is refused. */
export async function signedHeaders(
  credentials: S3Credentials,
  { method, url, headers, body, region, now }: ToSign,
): Promise<{ readonly [name: string]: string }> {
  const digest = createHash('sha256')
    .update(body ?? '')
    .digest('hex');
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const signer = new AwsV4Signer({
    ...{ method, url: url.href, region, service: 's3', accessKeyId, secretAccessKey },
    ...(sessionToken === null ? {} : { sessionToken }),
    headers: { ...headers, 'x-amz-content-sha256': digest },
    datetime: now.toISOString().replace(/[:-]|\.\d{3}/g, ''),
  });
  const signed = await signer.sign();
  return Object.fromEntries(signed.headers);
}
