// Fills the README's blocks with what the program prints: `npm run readme`. The bench block comes from bench/results.md.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const README = path.join(ROOT, 'README.md');

/** What a user sees for three mistakes in the sample's manifest. */
export async function mistakeBlock(): Promise<string> {
  return inSample(async (folder) => {
    const file = path.join(folder, 'experiment.yaml');
    const text = readFileSync(file, 'utf8');
    const wrong = text
      .replace('temperature: 0.2', 'temprature: 0.2')
      .replace('runs: 3', 'runs: three')
      .replace('{{input}}', '{{inptu}}');
    writeFileSync(file, wrong);
    return (await expgraph(['run'], folder)).stderr;
  });
}

async function sampleBlock(): Promise<string> {
  return inSample(async (folder) => (await expgraph(['run'], folder)).stdout);
}

export function withBlock(text: string, block: { readonly name: string; readonly content: string }): string {
  const begin = `<!-- ${block.name}:begin -->`;
  const end = `<!-- ${block.name}:end -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`README.md has no block ${block.name}`);
  return `${text.slice(0, from)}${begin}\n${block.content.trimEnd()}\n${text.slice(to)}`;
}

export function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}

async function inSample(action: (folder: string) => Promise<string>): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'expgraph-readme-'));
  try {
    await expgraph(['init'], folder);
    return await action(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function expgraph(
  args: readonly string[],
  cwd: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [path.join(ROOT, 'bin/expgraph.js'), ...args],
      { cwd },
      (_error, stdout, stderr) => resolve({ stdout, stderr }),
    );
  });
}

if (import.meta.main) {
  const results = path.join(ROOT, 'bench/results.md');
  let text = readFileSync(README, 'utf8');
  text = withBlock(text, { name: 'sample-run', content: fenced(await sampleBlock()) });
  text = withBlock(text, { name: 'sample-mistake', content: fenced(await mistakeBlock()) });
  if (existsSync(results)) text = withBlock(text, { name: 'bench', content: readFileSync(results, 'utf8') });
  writeFileSync(README, text);
}
