// init in a terminal: what it asks, what Enter takes, and that it asks nobody in a pipe.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { filesBelow } from '../rig/files.ts';
import { tempFolder } from '../rig/temp.ts';
import { HAS_TERMINAL, startInTerminal } from '../rig/terminal.ts';

describe.skipIf(!HAS_TERMINAL)('init in a terminal', () => {
  it('offers what lies there first, and takes it with three Enters', async () => {
    const folder = tempFolder();
    writeFileSync(path.join(folder, 'questions.csv'), 'question,target\n1+1?,2\n');
    const terminal = startInTerminal(['init'], { cwd: folder });
    await terminal.showing('1  --from-data questions.csv');
    await terminal.showing('Number [1]: ');
    terminal.press('\r');
    await terminal.showing('Into which folder? [.]: ');
    terminal.press('\r');
    await terminal.showing('real = y [n]: ');
    terminal.press('\r');
    expect(await terminal.code).toBe(0);
    const manifest = parse(readFileSync(path.join(folder, 'experiment.yaml'), 'utf8'));
    expect(manifest.providers).toEqual({ openai: { type: 'sim' } });
  });

  it('writes a template into the folder that is said', async () => {
    const folder = tempFolder();
    const terminal = startInTerminal(['init'], { cwd: folder });
    await terminal.showing('2  --template prompt');
    await terminal.showing('Number [1]: ');
    terminal.press('2\r');
    await terminal.showing('Into which folder? [.]: ');
    terminal.press('evals\r');
    expect(await terminal.code).toBe(0);
    expect(filesBelow(path.join(folder, 'evals'))).toContain('cases.csv');
  });

  it.each([
    ['99\r', 'is none of 1 to'],
    ['\u0003', 'stopped: nothing was written'],
  ])('writes nothing after %j', async (keys, told) => {
    const folder = tempFolder();
    const terminal = startInTerminal(['init'], { cwd: folder });
    await terminal.showing('Number [1]: ');
    terminal.press(keys);
    expect(await terminal.code).toBe(2);
    expect(terminal.shown()).toContain(told);
    expect(filesBelow(folder)).toEqual([]);
  });

  it('asks nothing with --yes, or where an option says the way', async () => {
    const folder = tempFolder();
    const terminal = startInTerminal(['init', '--yes'], { cwd: folder });
    expect(await terminal.code).toBe(0);
    expect(terminal.shown()).not.toContain('What do you begin with?');
    expect(filesBelow(folder)).toContain('experiment.yaml');
  });
});
