// Every command that README, docs/ and --help show, with its place: whoever adds one to a page has it executed.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../rig/files.ts';

export type Shown = {
  /** `docs/compare.md:8`, `compare --help`. */
  readonly where: string;
  /** Without `npx`, its comment and its prompt. */
  readonly line: string;
};

/** `script`: one line after the other; `choices`: each for itself. */
export type Block = {
  readonly where: string;
  readonly kind: 'script' | 'choices';
  readonly lines: readonly Shown[];
};

export function pages(): readonly { readonly page: string; readonly text: string }[] {
  const names = readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['README.md', ...names.map((name) => `docs/${name}`)].map((page) => ({
    page,
    text: readFileSync(path.join(ROOT, page), 'utf8'),
  }));
}

/** Blocks of a page in a language. The lines of one are one script. */
export function blocksOf({ page, text }: { page: string; text: string }, language: string): readonly Block[] {
  const blocks: Block[] = [];
  let lines: Shown[] | null = null;
  let begun = '';
  for (const [at, line] of text.split('\n').entries()) {
    const where = `${page}:${at + 1}`;
    if (lines === null) {
      if (line.trim() === `\`\`\`${language}`) [lines, begun] = [[], where];
    } else if (line.trim().startsWith('```')) {
      blocks.push({ where: begun, kind: 'script', lines: joined(lines) });
      lines = null;
    } else if (line.trim() !== '') {
      lines.push({ where, line: language === 'text' ? line : bare(line) });
    }
  }
  return blocks.map((block) => ({ ...block, lines: block.lines.filter(({ line }) => line !== '') }));
}

/** Commands named within a sentence or a table: `npx expgraph show CELL`. */
export function spansOf({ page, text }: { page: string; text: string }): readonly Shown[] {
  return text.split('\n').flatMap((line, at) =>
    [...line.matchAll(/`(?:npx )?(expgraph [a-z][^`]*)`/g)].map(([, span]) => ({
      where: `${page}:${at + 1}`,
      line: span!.replaceAll('\\|', '|'),
    })),
  );
}

/** The examples of a help. */
export function examplesOf(command: string, help: string): Block {
  const where = `${command} --help`.trim();
  const lines = [...help.matchAll(/^ {2}\$ (.*)$/gm)].map(([, line]) => ({ where, line: line! }));
  return { where, kind: 'choices', lines };
}

function bare(line: string): string {
  return line
    .replace(/^\s*\$ /, '')
    .replace(/\s{2,}#.*$/, '')
    .replace(/^\s*#.*$/, '')
    .trim();
}

/** A line that ends in a backslash goes on in the next one. */
function joined(lines: readonly Shown[]): readonly Shown[] {
  const whole: Shown[] = [];
  let open: Shown | null = null;
  for (const one of lines) {
    const line: string = open === null ? one.line : `${open.line.slice(0, -1).trimEnd()} ${one.line}`;
    const so: Shown = { where: open?.where ?? one.where, line };
    open = line.endsWith('\\') ? so : null;
    if (open === null) whole.push(so);
  }
  return whole;
}
