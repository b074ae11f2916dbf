// Rows by windows: what is asked for, what is asked for no more, and what stays while the history moves.
import { describe, expect, test } from 'vitest';
import { RowWindows, WINDOW_ROWS } from '../../src/page/matrix/windows.ts';
import type { MatrixScreen } from '../../src/screens/matrix.ts';
import type { Answer } from '../../src/screens/screen.ts';

type Asked = {
  readonly offset: number;
  readonly signal: AbortSignal;
  /** Answers it, and lets everybody hear of it. */
  readonly answer: (answer: Answer<'matrix'>) => Promise<void>;
};

/** A server that is held: each question waits until the test answers it. */
function held() {
  const asked: Asked[] = [];
  let told = 0;
  const windows = new RowWindows(
    ({ offset }, signal) => {
      const { promise, resolve } = Promise.withResolvers<Answer<'matrix'>>();
      const answer = async (value: Answer<'matrix'>): Promise<void> => {
        resolve(value);
        await settled();
      };
      asked.push({ offset, signal, answer });
      return promise;
    },
    () => {
      told++;
    },
  );
  return { windows, asked, told: () => told };
}

/** All that follows from what was answered has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function rows(offset: number, revision: string, searched = 1): Answer<'matrix'> {
  const screen: MatrixScreen = {
    columns: [],
    total: 10_000,
    all: 10_000,
    offset,
    rows: Array.from({ length: WINDOW_ROWS }, (_, at) => ({
      scenario: `${revision}:${offset + at}`,
      category: null,
      tags: [],
      description: null,
      cells: [],
      armsDiffer: false,
      runsDiffer: false,
    })),
    groups: [{ category: null, offset: 0, rows: 10_000 }],
    counts: { passed: 0, failed: 0, unjudged: 0, error: 0, stale: 0, missing: 0 },
    revision,
    searched,
  };
  return { ok: true, value: screen };
}

const offsets = (asked: readonly Asked[]): readonly number[] => asked.map(({ offset }) => offset);

describe('rows by windows', () => {
  test('asks for the windows that are seen, and once', async () => {
    const { windows, asked } = held();
    windows.need(90, 130);
    windows.need(95, 135);
    expect(offsets(asked)).toEqual([0, 100]);
    await asked[0]!.answer(rows(0, 'r1'));
    await asked[1]!.answer(rows(100, 'r1'));
    windows.need(0, 130);
    expect(offsets(asked)).toEqual([0, 100]);
    expect([windows.rowAt(99)?.scenario, windows.rowAt(100)?.scenario, windows.rowAt(200)]).toEqual([
      'r1:99',
      'r1:100',
      null,
    ]);
  });

  test('waits no more for what was scrolled past', () => {
    const { windows, asked } = held();
    windows.need(0, 30);
    windows.need(5000, 5030);
    expect(asked.map(({ offset, signal }) => [offset, signal.aborted])).toEqual([
      [0, true],
      [5000, false],
    ]);
  });

  test('shows the rows that it has until those of the new revision are there', async () => {
    const { windows, asked } = held();
    windows.need(0, 30);
    await asked[0]!.answer(rows(0, 'r1'));
    windows.revise('r2');
    expect(offsets(asked)).toEqual([0, 0]);
    expect(windows.rowAt(7)?.scenario).toBe('r1:7');
    await asked[1]!.answer(rows(0, 'r2'));
    expect(windows.rowAt(7)?.scenario).toBe('r2:7');
    expect(asked).toHaveLength(2);
  });

  test('lets an answer come that is older than what was told meanwhile, and asks once more', async () => {
    const { windows, asked } = held();
    windows.need(0, 30);
    windows.revise('r2');
    windows.revise('r3');
    expect(asked).toHaveLength(1);
    await asked[0]!.answer(rows(0, 'r1'));
    expect([windows.rowAt(0)?.scenario, asked.length]).toEqual(['r1:0', 2]);
    await asked[1]!.answer(rows(0, 'r3'));
    expect([windows.rowAt(0)?.scenario, asked.length]).toEqual(['r3:0', 2]);
  });

  test('asks for a window of an older revision only when it is seen again', async () => {
    const { windows, asked } = held();
    windows.need(0, 30);
    await asked[0]!.answer(rows(0, 'r1'));
    windows.need(500, 530);
    await asked[1]!.answer(rows(500, 'r2'));
    expect(offsets(asked)).toEqual([0, 500]);
    windows.need(0, 30);
    expect(offsets(asked)).toEqual([0, 500, 0]);
    expect(windows.rowAt(3)?.scenario).toBe('r1:3');
  });

  test('keeps its rows where it is refused, and does not ask again before somebody says so', async () => {
    const { windows, asked, told } = held();
    windows.need(0, 30);
    await asked[0]!.answer(rows(0, 'r1'));
    windows.revise('r2');
    await asked[1]!.answer({ ok: false, refusal: { kind: 'broken', message: 'gone' } });
    expect([windows.rowAt(0)?.scenario, windows.refusal?.message, asked.length, told()]).toEqual([
      'r1:0',
      'gone',
      2,
      2,
    ]);
    windows.again();
    await asked[2]!.answer(rows(0, 'r2'));
    expect([windows.rowAt(0)?.scenario, windows.refusal]).toEqual(['r2:0', null]);
  });

  test('keeps no more than some screens full', async () => {
    const { windows, asked } = held();
    for (let window = 0; window < 80; window++) {
      windows.need(window * WINDOW_ROWS, window * WINDOW_ROWS);
      await asked[window]!.answer(rows(window * WINDOW_ROWS, 'r1'));
    }
    expect([windows.rowAt(0), windows.rowAt(79 * WINDOW_ROWS)?.scenario]).toEqual([null, 'r1:7900']);
  });

  test('asks for nothing after its end', () => {
    const { windows, asked } = held();
    windows.need(0, 30);
    windows.stop();
    windows.revise('r2');
    windows.need(500, 530);
    expect(asked.map(({ offset, signal }) => [offset, signal.aborted])).toEqual([[0, true]]);
  });
});
