// The way of a newcomer to Claude without a key: `sim` in one terminal, the manifest of docs/simulation.md in the other.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { cli } from '../rig/cli.ts';
import { ROOT, writeFiles } from '../rig/files.ts';
import { installPackages } from '../rig/packages.ts';
import { startCli } from '../rig/started.ts';
import { tempFolder } from '../rig/temp.ts';

it('sim says where both APIs are, and the manifest of the page runs against it', async () => {
  const folder = tempFolder();
  const { child } = startCli(['sim', '--port', '0', '--latency', '0'], { cwd: folder });
  const [address, words] = await Promise.all([firstLine(child.stdout!), firstLine(child.stderr!)]);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1$/);
  expect(words).toContain(`OpenAI's API at ${address}, Anthropic's at ${address}`);
  const page = readFileSync(path.join(ROOT, 'docs/simulation.md'), 'utf8');
  const block = /```yaml\n(# experiment\.yaml, with npm install @ai-sdk\/anthropic\n.*?)```/s.exec(page)![1]!;
  installPackages(folder);
  writeFiles(folder, {
    'experiment.yaml': `version: 1\nname: tried\n${block.replace('http://127.0.0.1:8787/v1', address)}variants: { a: { system: Be short. } }\nscenarios: [s.jsonl]\n`,
    's.jsonl': '{"id":"hello","input":"Hello?"}\n',
  });
  const { code, stdout, stderr } = await cli(['run'], { cwd: folder });
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('1 executed');
  const stats = await (await fetch(address.replace('/v1', '/sim/stats'))).json();
  expect(stats).toMatchObject({ requests: 1, answered: 1 });
});

async function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const piece of stream) {
    text += String(piece);
    if (text.includes('\n')) break;
  }
  return text.split('\n')[0]!;
}
