// The real harness where CI draws it: nothing that pytest reads for itself is an undeclared input, and the index says at
// any time what the history says.
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { editFile } from '../rig/files.ts';
import { HARNESS_ENV, startRealHarness } from '../rig/real-harness.ts';

describe.skipIf(HARNESS_ENV === null)('a real harness under strict inputs', () => {
  it('completes without a warning, and fsck is clean after each way of running', {
    timeout: 300_000,
  }, async () => {
    await using harness = await startRealHarness({ CI: 'true' });
    const edit = (from: string, to: string): void =>
      editFile(path.join(harness.folder, 'experiment.yaml'), (text) => text.replace(from, to));
    const clean = async (): Promise<void> => {
      const fsck = await harness.run('fsck');
      expect([fsck.code, fsck.stdout]).toEqual([0, expect.stringContaining('clean: ')]);
    };
    expect(await harness.run('init', '--from-pytest')).toMatchObject({ code: 0 });
    const ran = await harness.run('run', '--json');
    expect([ran.code, JSON.parse(ran.stdout)]).toMatchObject([0, { executed: 120, failed: 0 }]);
    expect(ran.stderr).not.toMatch(/warning|error:/);
    expect(ran.stderr.match(/answers were read from .*/g)).toEqual([
      expect.stringContaining('answers were read from results/*.jsonl, which the tests write'),
    ]);
    await clean();

    edit('  path: tests\n', '  path: tests\n  collect: "results/*.jsonl"\n');
    expect(JSON.parse((await harness.run('run', '--json')).stdout)).toMatchObject({ executed: 0 });
    await clean();
    edit('  collect: "results/*.jsonl"\n', '  proxy: true\n');
    const forced = await harness.run('run', '--force', '--runs', '1', '--json');
    expect([forced.code, JSON.parse(forced.stdout)]).toMatchObject([0, { failed: 0 }]);
    await clean();
    const keys = harness.records().map(({ key }) => key);
    expect(await harness.run('reindex')).toMatchObject({ code: 0 });
    await clean();
    expect(harness.records().map(({ key }) => key)).toEqual(keys);
    expect(JSON.parse((await harness.run('run', '--json')).stdout)).toMatchObject({ executed: 0 });
  });
});
