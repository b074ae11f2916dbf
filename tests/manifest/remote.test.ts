// `remote:` as it is written: what it is read as, and what is said where it cannot be meant.
import { describe, expect, it } from 'vitest';
import { sampleKey } from '../../src/planner/key.ts';
import { fingerprint } from '../../src/variants/fingerprint.ts';
import { experiment, load, manifestOf } from './folder.ts';

async function printed(lines: string): Promise<string> {
  const { manifest, printed: text } = await load(experiment(lines));
  expect(manifest).toBeNull();
  return text;
}

const remoteOf = async (lines: string, env: { readonly [name: string]: string } = {}) => {
  const { manifest, printed: text } = await load(experiment(lines), env);
  expect(text.trim()).toBe('');
  return manifest!.remote!;
};

describe('remote', () => {
  it('is an address alone', async () => {
    expect(await remoteOf('remote: s3://bucket/team/a b/\n')).toEqual({
      ...{ kind: 's3', url: 's3://bucket/team/a b', push: true, timeoutMs: 30_000 },
      at: expect.objectContaining({ file: expect.stringContaining('experiment.yaml'), line: 5, column: 9 }),
      ...{ endpoint: null, region: null, style: null, allowHttp: false },
      ...{ accessKeyEnv: null, secretKeyEnv: null, sessionTokenEnv: null, tokenEnv: null },
      signatureKeyEnv: null,
    });
    expect(await remoteOf('remote: file:///share/results/\n')).toMatchObject({
      ...{ kind: 'file', url: 'file:///share/results' },
    });
    expect(await remoteOf('remote: https://Host.example/a/../results\n')).toMatchObject({
      ...{ kind: 'https', url: 'https://host.example/results' },
    });
    expect(await remoteOf('remote: http://127.0.0.1:8080/\n')).toMatchObject({
      ...{ kind: 'https', url: 'http://127.0.0.1:8080' },
    });
  });

  it('is a map, whose variables are named with their places and need not be set', async () => {
    const lines = `remote:
  url: s3://bucket
  endpoint: https://minio.example:9000/
  region: eu-west-1
  style: path
  access_key_env: MINIO_ID
  secret_key_env: MINIO_SECRET
  session_token_env: MINIO_SESSION
  signature_key_env: SIGN_KEY
  push: false
  timeout: 5s
`;
    const named = (name: string, line: number) => ({ name, location: expect.objectContaining({ line }) });
    expect(await remoteOf(lines)).toMatchObject({
      ...{ kind: 's3', url: 's3://bucket', endpoint: 'https://minio.example:9000', region: 'eu-west-1' },
      ...{ style: 'path', push: false, timeoutMs: 5_000 },
      accessKeyEnv: named('MINIO_ID', 10),
      secretKeyEnv: named('MINIO_SECRET', 11),
      sessionTokenEnv: named('MINIO_SESSION', 12),
      ...{ signatureKeyEnv: named('SIGN_KEY', 13), tokenEnv: null },
    });
  });

  it('makes secrets of the variables that it names', async () => {
    const lines = 'remote: { url: "https://h.example/x", token_env: SHARE }\n';
    const { manifest } = await load(experiment(lines), { SHARE: 'told-nowhere-1234' });
    expect(manifest!.secrets).toContainEqual({ name: 'SHARE', value: 'told-nowhere-1234' });
    expect(JSON.stringify(manifest!.printable)).not.toContain('told-nowhere');
  });

  it('takes http:// to another machine where that is said', async () => {
    const url = 'http://nas.local/results';
    expect(await remoteOf(`remote: { url: "${url}", allow_http: true }\n`)).toMatchObject({ url });
  });

  it('is not there where nobody wrote it', async () => {
    expect(await manifestOf(experiment(''))).not.toHaveProperty('remote');
  });

  it('moves no key', async () => {
    const keys = async (text: string): Promise<readonly string[]> =>
      fingerprint(await manifestOf(experiment(text))).map(({ variant, engine, scenarios }) =>
        sampleKey({ variant: variant.digest, engine: engine.digest, scenario: scenarios[0]!.digest }, 1),
      );
    expect(await keys('remote: s3://bucket/x\n')).toEqual(await keys(''));
  });

  it('says where the address is none', async () => {
    expect(await printed('remote: gs://bucket/x\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:9 error: a remote of the kind gs:// is not known
       5 | remote: gs://bucket/x
         |         ^^^^^^^^^^^^^
         help: there are s3://bucket/prefix, file:///share/results or https://host/results
      "
    `);
    expect(await printed('remote: /share/results\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:9 error: the remote is no address
       5 | remote: /share/results
         |         ^^^^^^^^^^^^^^
         help: of a folder: file:///absolute/path
      "
    `);
    expect(await printed('remote: file://share/results\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:9 error: the remote names a host where a folder is meant
       5 | remote: file://share/results
         |         ^^^^^^^^^^^^^^^^^^^^
         help: three slashes: file:///share/results, or where the share is mounted here
      "
    `);
    expect(await printed('remote: { url: http://nas.example/results }\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:16 error: over http:// everybody on the way reads what is shared, and the key with it
       5 | remote: { url: http://nas.example/results }
         |                ^^^^^^^^^^^^^^^^^^^^^^^^^^
         help: write https://; in a network of your own: remote: { url: ..., allow_http: true }
      "
    `);
  });

  it('takes no user, no password and no query in it', async () => {
    expect(await printed('remote: https://me:pass@host.example/x\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:9 error: a user or a password stands in the remote, and whoever is given this file has it
       5 | remote: https://me:****@host.example/x
         |         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
         help: put it into an environment variable, and name it with token_env
      "
    `);
    expect(await printed('remote: { url: s3://AKIA:secret@bucket/x }\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:16 error: a user or a password stands in the remote, and whoever is given this file has it
       5 | remote: { url: s3://AKIA:******@bucket/x }
         |                ^^^^^^^^^^^^^^^^^^^^^^^^^
         help: put it into an environment variable, and name it with access_key_env and secret_key_env
      "
    `);
  });

  it('warns of what looks like a key in its path, and of no name of a variable', async () => {
    const token = `ghp_${'a1B2c3D4e5F6'.repeat(3)}`;
    const { printed: text } = await load(experiment(`remote: https://host.example/${token}/x\n`));
    expect(text).toContain(
      'warning: what looks like a key stands in "remote", and whoever is given this file',
    );
    expect(text).toContain('name that: access_key_env and secret_key_env, or token_env');
    expect(text).not.toContain(token);
  });

  it.each([
    ['remote: { url: s3://bucket, endpoint: "https://a:b@minio.example" }\n', 'stands in "endpoint"'],
    ['remote: { url: s3://bucket, endpoint: "http://minio.example" }\n', 'over http://'],
    ['remote: { url: s3://bucket, endpoint: minio.example }\n', '"endpoint" is no https:// address'],
    ['remote: https://host.example/x?sig=abc\n', 'a query or a fragment'],
    ['remote: "https://"\n', 'the remote is no address'],
    ['remote: results\n', 'the remote is no address'],
    ['remote: s3://b/x\n', '"b" is no name of a bucket'],
    ['remote: s3://bucket/a/../b\n', 'a part that leads elsewhere'],
    ['remote: file:///\n', 'the remote is no folder'],
    ['remote: file:///a%2fb\n', 'no path of this machine'],
    ['remote: { url: s3://bucket, access_key_env: A }\n', '"access_key_env" stands without "secret_key_env"'],
    ['remote: { url: s3://bucket, secret_key_env: A }\n', '"secret_key_env" stands without "access_key_env"'],
    ['remote: { url: s3://bucket, token_env: A }\n', '"token_env" is for remotes at https://'],
    ['remote: { url: file:///share, region: eu-west-1 }\n', '"region" is for remotes at s3://'],
    ['remote: { url: s3://bucket, timeout: 2h }\n', '"timeout" must be between 1ms and 1h'],
    ['remote: { url: s3://bucket, token: abc }\n', 'unknown key "token"'],
    ['remote: { push: true }\n', '"remote" has no "url"'],
    ['remote: 7\n', '"remote" must be text or a map'],
    ['remote: { url: s3://bucket, access_key_env: "a b", secret_key_env: B }\n', '"access_key_env"'],
  ])('%j is a mistake', async (lines, said) => {
    expect(await printed(lines)).toContain(said);
  });
});
