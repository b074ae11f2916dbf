// Writes docs/api.md from the docstrings of src/api/variant.ts: what own code is written with, as it is declared.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const SOURCE = new URL('../src/api/variant.ts', import.meta.url);
const PAGE = new URL('../docs/api.md', import.meta.url);

type Declared = { readonly kind: string; readonly name: string; readonly doc: string; readonly code: string };

export function apiReference(): string {
  const declared = declarations(readFileSync(SOURCE, 'utf8'));
  const toc = declared.map(({ name }) => `[\`${name}\`](#${name.toLowerCase()})`).join(' · ');
  const sections = declared.map(
    ({ name, doc, code }) => `## ${name}\n\n${doc}\n\n\`\`\`ts\n${code.trimEnd()}\n\`\`\``,
  );
  return [
    '# API of own code',
    'What `import { ... } from "expgraph"` gives. Generated from the docstrings of `src/api/variant.ts` by `npm run api`; [variants.md](variants.md) says when own code is the right kind, [examples/own-code](../examples/own-code) is one that runs.',
    toc,
    ...sections,
    '',
  ].join('\n\n');
}

/** Each exported declaration that has a docstring: its code as far as its end, without a function's body. */
function declarations(source: string): readonly Declared[] {
  const found: Declared[] = [];
  const starts = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (type|function) (\w+)/g;
  for (const match of source.matchAll(starts)) {
    const [whole, doc, kind, name] = match;
    const from = match.index + whole!.indexOf(`export ${kind}`);
    const rest = source.slice(from);
    const end = kind === 'function' ? rest.search(/ \{\n/) : rest.search(/;\n(?=\n|$)/) + 1;
    found.push({
      kind: kind!,
      name: name!,
      doc: textOf(doc!),
      code: rest.slice(0, end).replace(/^export /, ''),
    });
  }
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
