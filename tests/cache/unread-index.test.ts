// A disk that refuses one reading while a store is opened: the store is opened all the same, or the reason is one sentence.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { StoreError } from '../../src/cache/store.ts';
import { breakDisk } from '../rig/faulty-disk.ts';
import { task } from '../rig/records.ts';
import { invoke, openTestStore } from '../rig/stores.ts';
import { tempFolder } from '../rig/temp.ts';

const CELL = { variant: 'a', scenario: 'one', run: 1 };

it.each(['new', 'there already'])('says of a store that is %s why it cannot be opened', async (which) => {
  let struck = true;
  for (let at = 1; struck; at++) {
    const top = path.join(tempFolder(), String(at));
    const root = path.join(top, 'artifacts', 'made');
    mkdirSync(top);
    if (which === 'there already') {
      using store = openTestStore(root);
      await invoke(store, [{ of: task(CELL) }]);
    }
    const disk = breakDisk(top, { kind: 'read-error', at, random: () => 0.5 });
    let error: unknown = null;
    try {
      openTestStore(root)[Symbol.dispose]();
    } catch (cause) {
      error = cause;
    } finally {
      disk[Symbol.dispose]();
    }
    struck = disk.struck();
    if (error !== null) expect(error, `reading ${at}`).toBeInstanceOf(StoreError);
    expect(at).toBeLessThan(200);
  }
});
