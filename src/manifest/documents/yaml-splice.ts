// Takes entries out of a list or a map of a YAML text and puts others in: every other character stays as it is. Pure.

/** Offsets in the text. */
export type YamlEntries = {
  /** Written as [..] or {..}. */
  readonly isFlow: boolean;
  readonly entries: readonly {
    /** Of its dash or its key. */
    readonly start: number;
    /** Behind its value. */
    readonly end: number;
    /** Behind what belongs to it, a comment and the line's end among it. */
    readonly after: number;
  }[];
  readonly start: number;
  readonly end: number;
};

export type YamlEdit = {
  /** By place. */
  readonly removed: ReadonlySet<number>;
  /** As they are written behind a dash, or as `key: value`. */
  readonly added: readonly string[];
};

/** At least one entry is left or added, and at least one was there. */
export function spliced(text: string, input: YamlEntries, edit: YamlEdit): string {
  if (edit.removed.size === 0 && edit.added.length === 0) return text;
  return input.isFlow ? splicedFlow(text, input, edit) : splicedBlock(text, input, edit);
}

function splicedFlow(text: string, input: YamlEntries, { removed, added }: YamlEdit): string {
  const kept = input.entries
    .filter((_, n) => !removed.has(n))
    .map(({ start, end }) => text.slice(start, end));
  const [first, last] = [input.entries[0]!, input.entries.at(-1)!];
  return `${text.slice(0, first.start)}${[...kept, ...added].join(', ')}${text.slice(last.end)}`;
}

function splicedBlock(text: string, input: YamlEntries, { removed, added }: YamlEdit): string {
  const { entries } = input;
  const first = entries[0]!;
  const line = lineStart(text, first.start);
  const isList = text[first.start] === '-';
  const indent = text.slice(line, first.start);
  const lines = added.map((one) => `${indent}${isList ? '- ' : ''}${one}\n`).join('');
  const parts: string[] = [];
  let from = 0;
  for (const [n, { start, after }] of entries.entries()) {
    const end = endOfLine(text, after);
    if (removed.has(n)) parts.push(text.slice(from, lineStart(text, start)));
    else parts.push(text.slice(from, end));
    from = end;
  }
  const before = parts.join('');
  return `${before}${before === '' || before.endsWith('\n') ? '' : '\n'}${lines}${text.slice(from)}`;
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** `after` stands behind the line's end already, where the library counts that in. */
function endOfLine(text: string, after: number): number {
  if (after === 0 || text[after - 1] === '\n') return after;
  const end = text.indexOf('\n', after);
  return end < 0 ? text.length : end + 1;
}
