// The rows of what is asked for now. Until the first answer of a new question is there, those of the one before are shown.
import type { MatrixQuery } from '../../screens/matrix.ts';
import { writeMatrixQuery } from '../../screens/matrix-query.ts';
import type { Refusal } from '../../screens/screen.ts';
import { useEffect, useRef, useState } from '../base/preact.ts';
import type { ScreenProps } from '../base/screen-props.ts';
import { RowWindows } from './windows.ts';

export type Rows = {
  /** Of the question that `key` names, or of the one before it. null = nothing has been answered yet. */
  readonly windows: RowWindows | null;
  /** Which question it answers: another one begins at its top. */
  readonly key: string;
  readonly isWaiting: boolean;
  /** Why the question that is asked now has no answer: what is shown is that of the one before it, where there was one. */
  readonly refusal: Refusal | null;
};

export type Question = {
  readonly query: MatrixQuery;
  /** Half typed, or wrong: nobody is asked, and what was shown stays. */
  readonly isMistaken: boolean;
  /** Where the list begins to be seen: an address may lead into its middle. */
  readonly firstRow: number;
};

export function useRows(
  { source, revision }: Pick<ScreenProps, 'source' | 'revision'>,
  { query, isMistaken, firstRow }: Question,
): Rows {
  const key = writeMatrixQuery({ ...query, offset: 0 }).toString();
  const [shown, setShown] = useState<{ readonly windows: RowWindows | null; readonly key: string }>({
    windows: null,
    key,
  });
  const [, redraw] = useState(0);
  const made = useRef<RowWindows | null>(null);
  useEffect(() => {
    if (isMistaken) return;
    const windows = new RowWindows(
      (range, signal) => {
        const params = new URLSearchParams(key);
        if (range.offset > 0) params.set('offset', String(range.offset));
        params.set('limit', String(range.limit));
        return source.get('matrix', params, signal);
      },
      () => {
        if (windows.screen !== null)
          setShown((before) => (before.windows === windows ? before : { windows, key }));
        redraw((times) => times + 1);
      },
    );
    made.current = windows;
    windows.revise(revision.value);
    windows.need(firstRow, firstRow);
    return () => windows.stop();
  }, [source, key, isMistaken]);
  const now = revision.value;
  useEffect(() => made.current?.revise(now), [now]);
  const connection = source.connection.value;
  const wasLost = useRef(false);
  useEffect(() => {
    if (connection === 'open' && wasLost.current) made.current?.again();
    wasLost.current = connection !== 'open';
  }, [connection]);
  const refusal = made.current?.refusal ?? null;
  const isAnswered = shown.windows !== null && shown.key === key;
  return { ...shown, refusal, isWaiting: !isMistaken && refusal === null && !isAnswered };
}
