// A CSV of test cases of promptfoo -> tests: `__expected` as it is read of a scenario file, every other column a variable.
import path from 'node:path';
import { isJsonObject, type Json } from '../../core/json.ts';
import { readPromptfooRow } from '../../manifest/scenarios/promptfoo.ts';
import type { Shared, Test, TestsContext } from './promptfoo-test.ts';
import type { Placed } from './source.ts';
import { wholeTable } from './whole-table.ts';

export async function tableTests(
  file: string,
  input: { readonly shared: Shared; readonly context: TestsContext; readonly placed: Placed<string> },
): Promise<readonly Test[]> {
  const { shared, context, placed } = input;
  const shown = path.relative(context.reach.cwd, file).replaceAll('\\', '/');
  const table = await wholeTable(file, shown);
  const header = table.header.cells;
  return table.rows.map(({ cells, line }) => {
    const { raw, told } = readPromptfooRow(
      header,
      header.map((_, i) => cells[i] ?? ''),
    );
    const at = `${shown}:${line}:1`;
    for (const { column, message, hint } of told)
      context.notes.left.push({
        place: at,
        what: `column ${column}`,
        why: hint === null ? message : `${message}: ${hint}`,
      });
    const { vars, expect, description, category, tags, id, input: asked } = raw;
    const own = {
      ...(id === undefined ? {} : { id }),
      ...(asked === undefined ? {} : { input: asked }),
      ...(category === undefined ? {} : { category }),
    };
    return {
      ...shared,
      placed: { ...placed, source: { ...placed.source, at: () => at } },
      description: typeof description === 'string' ? description : null,
      // Columns that a template reads by their own name are variables of promptfoo like all others.
      vars: { ...shared.vars, ...own, ...(isJsonObject(vars) ? vars : {}) },
      expect: isJsonObject(expect) ? expect : null,
      metadata: {
        ...shared.metadata,
        ...(typeof category === 'string' ? { category } : {}),
        ...(Array.isArray(tags) ? { tags: tags as Json } : {}),
      },
    };
  });
}
