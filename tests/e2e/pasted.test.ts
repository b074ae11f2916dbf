// Commands that the program prints are there to be pasted: from the folder where the user is, about the manifest that was meant.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { editFile, writeFiles } from '../rig/files.ts';
import { inProcess } from '../rig/in-process.ts';
import { CLI } from '../rig/program.ts';
import { tempFolder } from '../rig/temp.ts';

const MANIFEST = `version: 1
name: pasted
provider: sim
runs: 2
system: Be brief.
execution: { retries: 0 }
scenarios: [s.yaml]
variants: { one: {}, two: { system: Be kind. } }
providers:
  sim: { type: sim, sim: { latency_ms: 2, latency_spread: 0, answers: answers.yaml } }
`;

const FILES = {
  's.yaml': `${Array.from({ length: 4 }, (_, i) => `- { id: s${i}, input: Say ${i}., expect: { contains: yes } }`).join('\n')}\n`,
  'answers.yaml': '"*": { variants: { one: "no", two: "yes" } }\n',
};

/** Commands as they are printed, on lines of their own and within sentences, without the words around them. */
function printed(text: string): readonly string[] {
  return [...text.matchAll(/npx expgraph [^\n`;,#]*[^\n`;,#\s.]/g)].map(([command]) => command);
}

/** Through a shell, as somebody pastes it. */
async function paste(command: string, cwd: string): Promise<string> {
  const own = command.replace('npx expgraph', `'${process.execPath}' '${CLI}'`);
  const { stdout, stderr } = await promisify(execFile)('sh', ['-c', own], { cwd }).catch((cause) => cause);
  return `${stdout}${stderr}`;
}

const COMMANDS = [
  ['run', '--max-new', '3'],
  ['run'],
  ['status'],
  ['log'],
  ['log', 'last'],
  ['log', '-n', '1'],
  ['history'],
  ['history', 'one/s1/1'],
  ['diff'],
  ['show', 'one/s1/1'],
  ['show', 'one/*'],
  ['compare', 'one', 'two'],
  ['diff', '99'],
  ['show', 'nobody'],
  ['history', 'nobody'],
];

describe('a printed command says again where everything is', { timeout: 120_000 }, () => {
  it.each([
    { name: '-C', options: ['-C', 'my exp'], file: 'my exp/experiment.yaml', words: "-C 'my exp'" },
    { name: '-f', options: ['-f', 'my exp/o.yaml'], file: 'my exp/o.yaml', words: "-f 'my exp/o.yaml'" },
    {
      name: '-C and -f',
      options: ['-C', 'my exp', '-f', 'o.yaml'],
      file: 'my exp/o.yaml',
      words: "-C 'my exp' -f o.yaml",
    },
  ])('with $name', async ({ options, file, words }) => {
    const folder = tempFolder();
    mkdirSync(path.join(folder, 'my exp'));
    for (const [name, text] of Object.entries(FILES)) writeFiles(folder, { [`my exp/${name}`]: text });
    writeFiles(folder, { [file]: MANIFEST });
    const said = new Map<string, readonly string[]>();
    for (const [i, command] of COMMANDS.entries()) {
      // An edit, so that something is stale and two moments differ.
      if (i === 2) {
        editFile(path.join(folder, file), (text) => text.replace('Be brief.', 'Be very brief.'));
        await inProcess(['run', ...options, '--max-new', '3'], { cwd: folder });
      }
      const { out, err } = await inProcess([...command, ...options], { cwd: folder });
      said.set(command.join(' '), printed(out + err));
    }
    const all = [...new Set([...said.values()].flat())];
    expect(all.length).toBeGreaterThan(12);
    const bare = [...said].filter(([, commands]) => commands.some((command) => !command.includes(words)));
    expect(bare).toEqual([]);
    for (const name of ['run', 'status', 'log last', 'history', 'show nobody'])
      expect([name, said.get(name)!.length]).not.toEqual([name, 0]);
    // One of each, by the real program through a real shell.
    const kinds = new Map(all.map((command) => [command.split(' ')[2], command]));
    for (const name of ['show', 'diff', 'history']) {
      const pasted = await paste(kinds.get(name)!, folder);
      expect([name, pasted]).not.toEqual([name, expect.stringMatching(/^expgraph: /m)]);
    }
  });

  it('a manifest that is found in a folder above is found again, and no option is needed for it', async () => {
    const folder = tempFolder();
    writeFiles(folder, { ...FILES, 'experiment.yaml': MANIFEST, 'src/deep/x.txt': '' });
    const cwd = path.join(folder, 'src/deep');
    const { stdout } = await cli(['run'], { cwd });
    expect(printed(stdout)).toContain('npx expgraph show --not-passed');
    expect(await paste('npx expgraph show --not-passed', cwd)).toContain('one/s1/1');
  });

  it('where two manifests stand side by side, the one that was named is named again', async () => {
    const folder = tempFolder();
    writeFiles(folder, { ...FILES, 'experiment.yaml': MANIFEST, 'experiment.yml': MANIFEST });
    const { stdout } = await cli(['run', '-f', 'experiment.yaml'], { cwd: folder });
    expect(printed(stdout)).toContain('npx expgraph show --not-passed -f experiment.yaml');
  });
});
