// A folder and the memory as remotes: their contract, and what only folders have.
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openRemote } from '../../src/remote/index.ts';
import { openMemory } from '../../src/remote/memory.ts';
import { remoteContract } from '../contract/remote.ts';
import { remoteSettings, remoteWorld } from '../rig/remote-settings.ts';
import { tempFolder } from '../rig/temp.ts';

remoteContract('a folder', {
  ...{ hasLine: false, asksWho: false },
  async makePlace() {
    const root = path.join(tempFolder(), 'share');
    const url = pathToFileURL(root).href;
    const open = () => openRemote(remoteSettings({ kind: 'file', url }), remoteWorld());
    return { open, openReader: open, wrong: null, line: null };
  },
});

remoteContract('the memory', {
  ...{ hasLine: false, asksWho: false },
  async makePlace() {
    const files = new Map<string, Uint8Array>();
    return {
      open: async () => openMemory({ files }),
      openReader: async () => openMemory({ files, isWritable: false }),
      ...{ wrong: null, line: null },
    };
  },
});
