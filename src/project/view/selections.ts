// Rows are chosen once a question and revision; pages of the answer are cut out of it.
import type { Result } from '../../core/result.ts';
import type { MatrixQuery } from '../../screens/matrix.ts';
import type { MatrixIndex } from '../../screens/matrix-index.ts';
import { type Selection, selectRows } from '../../screens/matrix-select.ts';
import type { TextFinder } from '../../screens/search-texts.ts';

/** Somebody scrolls, somebody else searches: a few questions at a time. */
const MAX_KEPT = 16;

/** Answers of one revision. */
export type Selections = {
  /** @param texts null = no text is searched */
  of(query: MatrixQuery, texts: TextFinder | null): Result<Selection, string>;
};

export function makeSelections(index: MatrixIndex): Selections {
  const kept = new Map<string, Selection>();
  return {
    of(query, texts) {
      const name = JSON.stringify({ ...query, offset: 0, limit: 0 });
      const known = kept.get(name);
      // What is found while texts are still read is not all there is.
      if (known !== undefined && known.searched === (texts?.searched ?? 1)) {
        kept.delete(name);
        kept.set(name, known);
        return { kind: 'ok', value: known };
      }
      const selected = selectRows(index, query, texts);
      if (selected.kind === 'ok') {
        kept.set(name, selected.value);
        if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value!);
      }
      return selected;
    },
  };
}
