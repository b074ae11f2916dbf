// Texts that records have in common (names, models, digests of parts): kept once in the index, a number everywhere else.
import type { StatementSync } from 'node:sqlite';

/** So many are remembered at once. */
const MAX_KNOWN = 100_000;

export type Texts = {
  /** Its number; given to it where it has none yet. */
  idOf(text: string): number;
  /** After a transaction that was undone: numbers that were given out in it are of nothing. */
  forget(): void;
};

export function makeTexts(statement: (sql: string) => StatementSync): Texts {
  const known = new Map<string, number>();
  return {
    idOf(text) {
      const id = known.get(text);
      if (id !== undefined) return id;
      const found = statement('SELECT id FROM texts WHERE text = ?').get(text)?.id;
      const made = found ?? statement('INSERT INTO texts(text) VALUES (?)').run(text).lastInsertRowid;
      if (known.size >= MAX_KNOWN) known.clear();
      known.set(text, Number(made));
      return Number(made);
    },
    forget: () => known.clear(),
  };
}

/** Every text by its number, each one string however many rows have it. */
export function allTexts(database: { prepare(sql: string): StatementSync }): readonly string[] {
  const statement = database.prepare('SELECT id, text FROM texts');
  statement.setReturnArrays(true);
  const texts: string[] = [];
  for (const [id, text] of statement.all() as unknown as readonly (readonly [number, string])[]) {
    texts[id] = text;
  }
  return texts;
}
