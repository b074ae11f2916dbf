// What is generated is what a new generation gives, and what the README names is there.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { apiReference } from '../scripts/api-reference.ts';
import { fenced, mistakeBlock, withBlock } from '../scripts/readme.ts';
import { cli } from './rig/cli.ts';
import { ROOT } from './rig/files.ts';
import { tempFolder } from './rig/temp.ts';

const README = readFileSync(path.join(ROOT, 'README.md'), 'utf8');

it('has the types that the schemas give', () => {
  const folder = tempFolder();
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/generate-types.ts'), folder]);
  const biome = path.join(ROOT, 'node_modules/.bin/biome');
  const config = path.join(ROOT, 'biome.json');
  for (const name of readdirSync(folder)) {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const formatted = execFileSync(
      biome,
      ['format', `--stdin-file-path=src/core/generated/${name}`, `--config-path=${config}`],
      {
        cwd: ROOT,
        input: text,
        encoding: 'utf8',
      },
    );
    expect(readFileSync(path.join(ROOT, 'src/core/generated', name), 'utf8'), name).toBe(formatted);
  }
});

it('has the reference that the docstrings give', () => {
  expect(readFileSync(path.join(ROOT, 'docs/api.md'), 'utf8')).toBe(apiReference());
});

it('shows mistakes in the README as the program prints them', async () => {
  expect(withBlock(README, { name: 'sample-mistake', content: fenced(await mistakeBlock()) })).toBe(README);
});

it('names only commands and options that exist', async () => {
  const folder = tempFolder();
  const help = new Map<string, string>();
  const helpOf = async (command: string): Promise<string> => {
    const known = help.get(command);
    if (known !== undefined) return known;
    const { code, stdout } = await cli([command, '--help'], { cwd: folder });
    expect(code, command).toBe(0);
    help.set(command, stdout);
    return stdout;
  };
  const used = [...README.matchAll(/npx expgraph ([a-z]+)([^\n`]*)/g)];
  expect(used.length).toBeGreaterThan(5);
  for (const [, command, rest] of used) {
    const text = await helpOf(command!);
    for (const [option] of rest!.split('#')[0]!.matchAll(/--[a-z-]+/g))
      expect(text, `${command} ${option}`).toContain(option);
  }
});

it('explains every command with examples', async () => {
  const folder = tempFolder();
  const { stdout } = await cli(['--help'], { cwd: folder });
  const commands = [...stdout.matchAll(/^ {2}([a-z]+) (?:\[|<|\s)/gm)]
    .map(([, name]) => name!)
    .filter((name) => name !== 'help');
  expect(commands.length).toBeGreaterThanOrEqual(12);
  for (const command of commands) {
    expect((await cli([command, '--help'], { cwd: folder })).stdout, command).toContain('Examples:');
  }
});

it('links only to pages that exist', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    'CHANGELOG.md',
    ...readdirSync(path.join(ROOT, 'docs')).flatMap((name) => (name.endsWith('.md') ? [`docs/${name}`] : [])),
    ...readdirSync(path.join(ROOT, 'docs/decisions')).map((name) => `docs/decisions/${name}`),
  ];
  for (const page of pages) {
    const text = readFileSync(path.join(ROOT, page), 'utf8');
    for (const [, target] of text.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(path.join(ROOT, path.dirname(page), target!)), `${page} -> ${target}`).toBe(true);
    }
  }
});
