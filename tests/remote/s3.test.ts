// S3 as a remote, at a server that others wrote: its contract.
import { randomUUID } from 'node:crypto';
import { afterAll, describe, onTestFinished } from 'vitest';
import { openRemote } from '../../src/remote/index.ts';
import { remoteContract } from '../contract/remote.ts';
import { faultyLine } from '../rig/faulty-line.ts';
import { motoEnv, type S3Key, startMoto } from '../rig/moto.ts';
import { envName, remoteSettings, remoteWorld } from '../rig/remote-settings.ts';

const env = await motoEnv();
const moto = env === null ? null : await startMoto(env);
afterAll(() => moto?.[Symbol.asyncDispose]());

describe.skipIf(moto === null)(`moto${moto === null ? ' (left out: PyPI gives no moto)' : ''}`, () => {
  remoteContract('s3', {
    ...{ hasLine: true, asksWho: true },
    async makePlace() {
      const { port, bucket, writer, reader } = moto!;
      const line = await faultyLine(port);
      onTestFinished(() => line[Symbol.asyncDispose]());
      const prefix = randomUUID();
      const as = ({ id, secret }: S3Key, timeoutMs = 30_000) =>
        openRemote(
          remoteSettings({
            ...{ kind: 's3', url: `s3://${bucket}/${prefix}`, timeoutMs },
            endpoint: `http://127.0.0.1:${line.port}`,
            ...{ accessKeyEnv: envName('KEY_ID'), secretKeyEnv: envName('KEY_SECRET') },
          }),
          remoteWorld({ KEY_ID: id, KEY_SECRET: secret }),
        );
      const forged = { id: writer.id, secret: 'not+the/secret+of+this+key+0123456789abc' };
      return {
        open: ({ timeoutMs } = {}) => as(writer, timeoutMs),
        openReader: () => as(reader),
        wrong: { open: () => as(forged), secrets: [forged.secret, forged.id] },
        line,
      };
    },
  });
});
