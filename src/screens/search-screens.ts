// Searching in a file that works from disk: the texts are those of the scenarios that are inside of it.
import { type MatrixIndex, slotsOf } from './matrix-index.ts';
import type { DrawText, ScenarioScreen } from './scenario.ts';
import { findInTexts, type RunText, type TextFinder } from './search-texts.ts';

/** @param screenOf null = it is not inside: its texts are not found */
export function findInScreens(
  index: MatrixIndex,
  screenOf: (scenario: string) => ScenarioScreen | null,
): TextFinder {
  const slots = slotsOf(index, []);
  const screenAt = (row: number): ScenarioScreen | null => screenOf(index.rows[row]!.scenario);
  return findInTexts({
    row(row) {
      const screen = screenAt(row);
      if (screen === null) return index.rows[row]!.scenario;
      const asked = screen.input.map(({ content }) =>
        typeof content === 'string' ? content : JSON.stringify(content),
      );
      return [screen.scenario, screen.description ?? '', ...asked].join('\n');
    },
    run(row, place) {
      const slot = slots[place];
      const arm = screenAt(row)?.arms.find(({ variant }) => variant === slot?.variant);
      const draw = arm?.runs.find(({ run }) => run === slot?.run);
      return draw === undefined ? null : textOf(draw, index.rows[row]!.runs[place]?.[7] ?? null);
    },
  });
}

function textOf({ text, toolCalls, finishReason, attempts }: DrawText, ending: string | null): RunText {
  const finish = [finishReason, ending].flatMap((word) => word ?? []);
  return { text: text ?? attempts.at(-1)?.error?.message ?? null, toolCalls, finish };
}
