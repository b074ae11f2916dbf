// The header of a CSV file: which columns it may have, and what is said of one that it may not.
import type { ScenarioMap } from '../../core/generated/experiment.ts';
import type { JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/nearest.ts';
import type { ScenarioSource } from '../documents/origin.ts';
import { locateText, type Table } from './csv-table.ts';
import { reportForeign } from './entry.ts';
import { fieldsOf } from './map.ts';
import { isPromptfoo, promptfooClash } from './promptfoo.ts';

const COLUMNS = ['id', 'input', 'category', 'tags', 'description', 'expect', 'tools', 'tool_results'];

/** A table of promptfoo, whose columns are variables. */
export function isTheirs(source: ScenarioSource, header: readonly string[]): boolean {
  return source.mapping === null && isPromptfoo(header);
}

export function isSoundHeader(source: ScenarioSource, { header, rows, delimiter }: Table): boolean {
  let sound = true;
  const wrong = (
    name: string,
    said: { readonly code: string; readonly message: string; readonly hint: string | null },
  ) => {
    sound = false;
    source.findings.add(source.file, () => ({
      ...said,
      location: locateText(source, { row: header, needle: name }),
    }));
  };
  if (isTheirs(source, header.cells)) {
    const clash = promptfooClash(header.cells);
    if (clash === null) return true;
    wrong(clash[0], {
      code: 'duplicate-key',
      message: `the columns ${JSON.stringify(clash[0])} and ${JSON.stringify(clash[1])} say one thing`,
      hint: 'leave one of them out: a table with "__expected" is read as promptfoo reads it',
    });
    return false;
  }
  const single = header.cells.find((name) => /^_(?:expected\d*|description)$/.test(name));
  if (source.mapping === null && single !== undefined) {
    const said = { code: 'unknown-key', message: `unknown column ${JSON.stringify(single)}` };
    wrong(single, { ...said, hint: `did you mean "_${single}", promptfoo's, with two underscores?` });
    return false;
  }
  const location = () => locateText(source, { row: header, needle: '' });
  const first = cellsOf(header.cells, rows[0]?.cells ?? []);
  if (source.mapping === null && header.cells.some((name) => !isKnown(name))) {
    if (reportForeign(source, { row: first, location, isTable: true })) return false;
  }
  const rule = header.cells.find((name) => name.startsWith('expect.'));
  if (source.mapping === null && rule !== undefined && header.cells.includes('expect'))
    wrong(rule, {
      code: 'duplicate-key',
      message: `the column "expect" is all that is expected, and ${JSON.stringify(rule)} a part of it`,
      hint: 'leave one of them out: the whole as JSON, or a column a rule',
    });
  const seen = new Set<string>();
  for (const name of header.cells) {
    const isMapped = source.mapping !== null;
    if (!isMapped && !isKnown(name)) {
      const hint =
        didYouMean(name, COLUMNS) ??
        otherDelimiter(name, delimiter) ??
        `a variable of the template is a column "vars.${name.trim() || 'x'}", a rule of what is expected "expect.contains"; known columns: ${COLUMNS.join(', ')}; columns of other names are mapped: scenarios: { files: ${JSON.stringify(source.shown)}, map: { input: ... } }`;
      wrong(name, { code: 'unknown-key', message: `unknown column ${JSON.stringify(name)}`, hint });
    }
    // Tables of others have nameless columns, and columns that nobody reads.
    if (seen.has(name) && (!isMapped || columnsOf(source.mapping!.map).has(name)))
      wrong(name, {
        code: 'duplicate-key',
        message: `two columns are named ${JSON.stringify(name)}`,
        hint: null,
      });
    seen.add(name);
  }
  return sound;
}

function isKnown(name: string): boolean {
  return COLUMNS.includes(name) || /^(?:vars|expect)\../s.test(name);
}

function columnsOf(map: ScenarioMap): ReadonlySet<string> {
  return new Set(fieldsOf(map).map(({ column }) => column));
}

/** A header that is one column of many words was written with something else between them. */
function otherDelimiter(name: string, delimiter: string): string | null {
  const other = [';', '\t', '|', ','].find((one) => one !== delimiter && name.includes(one));
  if (other === undefined) return null;
  const shown = other === '\t' ? 'a tab' : JSON.stringify(other);
  return `are the columns separated by ${shown}? Say so in the first line: sep=${other === '\t' ? '<tab>' : other}`;
}

/** fromEntries defines members and assigns none: `__proto__` is a name like any other. */
export function cellsOf(header: readonly string[], cells: readonly string[]): JsonObject {
  return Object.fromEntries(header.map((name, i) => [name, cells[i] ?? '']));
}
