// What the schema does not like, with its place in the file.
import type { Findings } from './findings.ts';
import type { ParsedDocument } from './place.ts';
import type { SchemaMistake } from './validate.ts';

export function reportMistakes(input: {
  document: ParsedDocument;
  findings: Findings;
  mistakes: readonly SchemaMistake[];
}): void {
  const { document, findings } = input;
  for (const { path: where, part, say } of input.mistakes) {
    findings.add(document.file, () => {
      const location = document.locate({ path: where, part });
      // Who puts a key where its variable's name belongs must not find it in the log of a CI.
      const isKey = where.at(-1) === 'api_key_env' && location.sourceLine !== null;
      return {
        ...say(),
        location: isKey ? { ...location, sourceLine: masked(location.sourceLine!, location) } : location,
      };
    });
  }
}

function masked(line: string, input: { readonly column: number; readonly length: number }): string {
  const start = input.column - 1;
  return line.slice(0, start) + '*'.repeat(input.length) + line.slice(start + input.length);
}
