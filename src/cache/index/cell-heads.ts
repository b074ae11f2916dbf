// The record that counts of a cell by its names: asked for where the present manifest asks for another key.
import type { CellRecord } from '../../core/history.ts';
import type { Cell } from '../../core/task.ts';
import type { IndexDb } from './index-db.ts';
import { COUNTS_FIRST } from './index-tables.ts';
import { allTexts } from './texts.ts';

/** So many cells are looked up one by one, at 10 us each: one edit of a scenario. For more all are read, in a third of that each. */
const FEW_CELLS = 2_000;

type Head = Omit<CellRecord, 'parts'>;
type Sql = Head & { readonly [part in 'variantPart' | 'scenarioPart' | 'enginePart']: never };

const ONE = `SELECT id, key, status, input_tokens AS inputTokens, output_tokens AS outputTokens, unadopted,
  part_variant AS variantPart, part_scenario AS scenarioPart, part_engine AS enginePart
  FROM records WHERE id = (SELECT id FROM kept WHERE variant = (SELECT id FROM texts WHERE text = ?)
    AND scenario = (SELECT id FROM texts WHERE text = ?) AND run = ? AND archive IS NULL ORDER BY ${COUNTS_FIRST} LIMIT 1)`;

export function cellHeads(index: IndexDb, few = FEW_CELLS): (cell: Cell) => CellRecord | undefined {
  let asked = 0;
  let all: ((cell: Cell) => CellRecord | undefined) | null = null;
  return (cell) => {
    if (all === null && ++asked > few) all = allCellHeads(index);
    if (all !== null) return all(cell);
    const found = index.statement(ONE).get(cell.variant, cell.scenario, cell.run) as Sql | undefined;
    if (found === undefined) return undefined;
    const { variantPart, scenarioPart, enginePart, ...head } = found;
    return { ...head, parts: { variant: variantPart, scenario: scenarioPart, engine: enginePart } };
  };
}

// The one that counts comes last, and stays.
const ALL = `SELECT variant, scenario, run, id, lower(hex(key)), completed, input_tokens, output_tokens, unadopted, part_variant,
  part_scenario, part_engine FROM kept WHERE archive IS NULL ORDER BY completed, sequence, stamp, origin, id`;

function allCellHeads(index: IndexDb): (cell: Cell) => CellRecord | undefined {
  const statement = index.database.prepare(ALL);
  statement.setReturnArrays(true);
  const places = new Map<number, Map<number, Map<number, readonly never[]>>>();
  for (const row of statement.iterate() as unknown as Iterable<readonly never[]>) {
    const scenarios = grown(places, row[0]!);
    grown(scenarios, row[1]!).set(row[2]!, row);
  }
  if (places.size === 0) return () => undefined;
  // Behind the rows: a run may go on meanwhile, and each of these has its texts.
  const texts = allTexts(index.database);
  const numbers = new Map<string, number>();
  // No text has the number 0, nor one that was taken out: what is not there is passed over.
  texts.forEach((text, id) => {
    numbers.set(text, id);
  });
  return ({ variant, scenario, run }) => {
    const row = places
      .get(numbers.get(variant) ?? -1)
      ?.get(numbers.get(scenario) ?? -1)
      ?.get(run);
    if (row === undefined) return undefined;
    return {
      id: row[3]!,
      key: row[4]!,
      status: row[5] === 1 ? 'completed' : 'failed',
      parts: {
        variant: texts[row[9]!] as never,
        scenario: texts[row[10]!] as never,
        engine: texts[row[11]!] as never,
      },
      inputTokens: row[6]!,
      outputTokens: row[7]!,
      unadopted: row[8]!,
    };
  };
}

function grown<Value>(places: Map<number, Map<number, Value>>, id: number): Map<number, Value> {
  const known = places.get(id);
  if (known !== undefined) return known;
  const made = new Map<number, Value>();
  places.set(id, made);
  return made;
}
