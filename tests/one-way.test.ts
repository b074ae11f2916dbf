// One way to write a command: what is there to be pasted says `npx expgraph`, which works wherever the package is installed.
// Help calls the program by its name, as its usage line does.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { GROUPS } from '../src/cli/program/groups.ts';
import { ROOT } from './rig/files.ts';

const COMMANDS = GROUPS.flatMap(({ names }) => names).join('|');
const BARE = new RegExp(String.raw`(?<![\w/.@-])(?<!npx )expgraph (?:${COMMANDS})(?![\w:])`);

const HELP = /^src\/(cli\/(help|program)|project\/help|report\/help|report\/setup)\//;
/** What a lock or a page says of who made it: the words that ran. */
const NAMES_ITSELF = /const foot = `expgraph compare|command: 'expgraph langsmith push'/;

function filesBelow(folder: string, ending: RegExp): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && ending.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

const isComment = (line: string): boolean => /^\s*(\/\/|\*|\/\*)/.test(line);

function bare(files: readonly string[], isExempt: (line: string) => boolean): readonly string[] {
  return files.flatMap((file) =>
    readFileSync(path.join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, i) => (BARE.test(line) && !isExempt(line) ? [`${file}:${i + 1}: ${line.trim()}`] : [])),
  );
}

it('in what is printed', () => {
  const sources = filesBelow('src', /\.ts$/).filter(
    (file) => !HELP.test(file) && !file.includes('generated'),
  );
  const isExempt = (line: string): boolean =>
    isComment(line) || NAMES_ITSELF.test(line) || line.includes('examples([');
  expect(bare(sources, isExempt)).toEqual([]);
});

it('in README, docs and templates', () => {
  // The page of the command line is the help, printed.
  const isOurs = (file: string): boolean => !/^docs\/(decisions\/|command-line\.md)/.test(file);
  const pages = ['README.md', ...filesBelow('docs', /\.md$/).filter(isOurs)];
  expect(bare([...pages, ...filesBelow('templates', /./)], (line) => /^Usage: /.test(line))).toEqual([]);
});
