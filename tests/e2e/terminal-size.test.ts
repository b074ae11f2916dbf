// A terminal whose size nobody has set, as `docker exec -t` and jobs of CI have one: it is as wide as terminals are.
import { describe, expect, it } from 'vitest';
import { sample } from '../rig/cli.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

describe.skipIf(!HAS_TERMINAL)('a terminal that says 0 x 0 (needs python3)', () => {
  it('is told whole names and reasons', async () => {
    const folder = tempFolder();
    await sample(folder);
    const terminal = startInTerminal(['run'], { cwd: folder, env: { NO_SIZE: '1', NO_COLOR: '1' } });
    expect(await terminal.code).toBe(0);
    expect(terminal.shown()).toContain('baseline_run1.jsonl');
    expect(terminal.shown()).toMatch(/expect: expected/);
  });
});
