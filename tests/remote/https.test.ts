// Plain HTTP as a remote: its contract, and who is told the token.
import { onTestFinished } from 'vitest';
import { openRemote } from '../../src/remote/index.ts';
import { remoteContract } from '../contract/remote.ts';
import { faultyLine } from '../rig/faulty-line.ts';
import { fileServer } from '../rig/file-server.ts';
import { envName, remoteSettings, remoteWorld } from '../rig/remote-settings.ts';

const TOKEN = 'tok-writer-0a1b2c3d4e';
const READER = 'tok-reader-9f8e7d6c5b';
const WRONG = 'tok-nobody-5555555555';

remoteContract('https', {
  ...{ hasLine: true, asksWho: true },
  async makePlace() {
    const server = await fileServer({ token: TOKEN, readerToken: READER });
    const line = await faultyLine(server.port);
    onTestFinished(async () => {
      await line[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
    });
    const as = (token: string, timeoutMs = 30_000) =>
      openRemote(
        remoteSettings({
          ...{ kind: 'https', url: `http://127.0.0.1:${line.port}/results`, timeoutMs },
          tokenEnv: envName('SHARE_TOKEN'),
        }),
        remoteWorld({ SHARE_TOKEN: token }),
      );
    return {
      open: ({ timeoutMs } = {}) => as(TOKEN, timeoutMs),
      openReader: () => as(READER),
      wrong: { open: () => as(WRONG), secrets: [WRONG] },
      line,
    };
  },
});
