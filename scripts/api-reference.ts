// Writes docs/api.md from docstrings: what programs call and what own code is written with, as it is declared.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = new URL('../docs/api.md', import.meta.url);

const CHAPTERS = [
  {
    title: 'Programs',
    text: 'Open an experiment, then plan, run, score, compare and read it, in your own process ([programs.md](programs.md); [examples/program](../examples/program) has a script and a test that run).',
    sources: ['experiment', 'run', 'read', 'selection', 'world', 'interrupts'].map(
      (name) => `src/project/program/${name}.ts`,
    ),
  },
  {
    title: 'Own code',
    text: 'Variants and tools in TypeScript: [variants.md](variants.md) says when own code is the right kind, [examples/own-code](../examples/own-code) is one that runs.',
    sources: ['src/api/variant.ts'],
  },
];

type Declared = { readonly kind: string; readonly name: string; readonly doc: string; readonly code: string };

export function apiReference(): string {
  const chapters = CHAPTERS.flatMap(({ title, text, sources }) => {
    const declared = inOrder(
      sources.flatMap((source) => declarations(readSource(source))).filter(({ name }) => isPublic(name)),
    );
    const toc = declared.map(({ name }) => `[\`${name}\`](#${name.toLowerCase()})`).join(' · ');
    const sections = declared.map(
      ({ name, doc, code }) =>
        `### ${name}\n\n${doc === '' ? '' : `${doc}\n\n`}\`\`\`ts\n${code.trimEnd()}\n\`\`\``,
    );
    return [`## ${title}`, text, toc, ...sections];
  });
  return [
    '# API',
    'What `import { ... } from "expgraph"` gives, generated from docstrings by `npm run api`. What is on this page is stable: names, fields and what they mean change in a major version only. Fields may be added to results and kinds to events; a program ignores those that it does not know.',
    ...chapters,
    '',
  ].join('\n\n');
}

/** What the package's entry names, itself or by what it passes on. */
function isPublic(name: string): boolean {
  const entries = [readSource('src/project/index.ts'), readSource('src/api/index.ts')];
  return entries.some((text) =>
    new RegExp(`\\b${name}\\b`).test(text.replace(/\/\/.*/g, '').replace(/from '.*'/g, '')),
  );
}

function readSource(source: string): string {
  const file = new URL(`../${source}`, import.meta.url);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** Each exported declaration that has a docstring: its code as far as its end, without a function's body. */
function declarations(source: string): readonly Declared[] {
  const found: Declared[] = [];
  const starts = /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?export (type|(?:async )?function) (\w+)/g;
  for (const match of source.matchAll(starts)) {
    const [whole, doc, kind, name] = match;
    const from = match.index + whole!.indexOf(`export ${kind}`);
    const rest = source.slice(from);
    const end = kind !== 'type' ? rest.search(/ \{\n/) : rest.search(/;\n(?=\n|$)/) + 1;
    found.push({
      kind: kind === 'type' ? kind : 'function',
      name: name!,
      doc: textOf(doc ?? ''),
      code: rest.slice(0, end).replace(/^export /, ''),
    });
  }
  return found;
}

function inOrder(found: readonly Declared[]): readonly Declared[] {
  return [...found.filter(({ kind }) => kind === 'function'), ...found.filter(({ kind }) => kind === 'type')];
}

/** A docstring as Markdown: lines joined, tags as a list. */
function textOf(doc: string): string {
  const lines = doc.split('\n').map((line) => line.replace(/^\s*\*? ?/, '').trimEnd());
  return lines
    .join('\n')
    .trim()
    .replace(/^@(\w+) /gm, '\n- **$1** ');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PAGE, apiReference());
