// Screens of a file: what is inside is given as it is, and what hangs on how it is looked at is made of it, by the same functions as
// a server's. Pure.
import type { Result } from '../core/result.ts';
import { INDEX, type Inside, requestName } from './inside.ts';
import { type MatrixIndex, slotsOf } from './matrix-index.ts';
import { DEFAULT_QUERY, readMatrixQuery } from './matrix-query.ts';
import { selectMatrix, selectRows } from './matrix-select.ts';
import type { ScenarioScreen } from './scenario.ts';
import type { Answer, Query, ScreenName } from './screen.ts';
import { findInTexts, type TextFinder } from './search-texts.ts';

export type InsideAnswers = {
  holds(name: ScreenName): boolean;
  answer<Name extends ScreenName>(name: Name, query: Query): Answer<Name>;
};

export function insideAnswers({ answers }: Inside): InsideAnswers {
  const held = new Set(Object.keys(answers).map((request) => request.split('?')[0]));
  const index = (answers[INDEX] ?? null) as MatrixIndex | null;
  const texts = index && textsInside(index, answers);
  return {
    holds: (name) => held.has(name) || (name === 'matrix' && index !== null),
    answer<Name extends ScreenName>(name: Name, query: Query): Answer<Name> {
      if (name === 'matrix' && index !== null)
        return matrixOf(index, { query, texts: texts! }) as Answer<Name>;
      const value = answers[requestName(name, query)];
      if (value === undefined) return NOT_HERE;
      if (name === 'scenario' && index !== null)
        return scenarioOf(value as ScenarioScreen, { index, query, texts: texts! }) as Answer<Name>;
      return { ok: true, value } as Answer<Name>;
    },
  };
}

const NOT_HERE = {
  ok: false,
  refusal: {
    kind: 'not-found',
    message: 'This file does not hold that. Where the experiment is, npx expgraph view shows all of it.',
  },
} as const;

type Asked = { readonly query: Query; readonly texts: TextFinder };

function matrixOf(index: MatrixIndex, { query: params, texts }: Asked): Answer<'matrix'> {
  const query = readMatrixQuery(params);
  return answerOf(query.kind === 'err' ? query : selectMatrix(index, query.value, texts));
}

function answerOf(result: Result<unknown, string>): Answer<'matrix'> {
  if (result.kind === 'ok') return { ok: true, value: result.value } as Answer<'matrix'>;
  return { ok: false, refusal: { kind: 'bad-request', message: result.error } };
}

/** Its neighbours in the order in which it is looked at, and the arms that are. */
function scenarioOf(
  screen: ScenarioScreen,
  { index, query: params, texts }: Asked & { readonly index: MatrixIndex },
): Answer<'scenario'> {
  const query = readMatrixQuery(params);
  const asked = query.kind === 'ok' ? query.value : DEFAULT_QUERY;
  const at = index.rows.findIndex(({ scenario }) => scenario === screen.scenario);
  const chosen = selectRows(index, asked, texts);
  const inside =
    chosen.kind === 'ok' && chosen.value.rows.includes(at) ? chosen : selectRows(index, DEFAULT_QUERY, texts);
  const rows = inside.kind === 'ok' ? inside.value.rows : [];
  const position = rows.indexOf(at);
  const nameAt = (place: number): string | null => {
    const row = rows[place];
    return row === undefined ? null : index.rows[row]!.scenario;
  };
  const arms =
    asked.variant.length === 0
      ? screen.arms
      : screen.arms.filter(({ variant }) => asked.variant.includes(variant));
  const place = { previous: nameAt(position - 1), next: nameAt(position + 1), position, total: rows.length };
  return { ok: true, value: { ...screen, ...place, arms } };
}

function textsInside(index: MatrixIndex, answers: Inside['answers']): TextFinder {
  const slots = slotsOf(index, []);
  const screenOf = (row: number): ScenarioScreen | undefined => {
    const { scenario } = index.rows[row]!;
    return answers[requestName('scenario', new URLSearchParams({ scenario }))] as ScenarioScreen | undefined;
  };
  return findInTexts({
    row(row) {
      const { scenario, description } = index.rows[row]!;
      const input = screenOf(row)?.input ?? [];
      const said = input.map(({ content }) =>
        typeof content === 'string' ? content : JSON.stringify(content),
      );
      return [scenario, description ?? '', ...said].join('\n');
    },
    run(row, place) {
      const slot = slots.find((one) => one.place === place);
      const arm = screenOf(row)?.arms.find(({ variant }) => variant === slot?.variant);
      const draw = arm?.runs.find(({ run }) => run === slot?.run);
      if (draw === undefined) return null;
      const ending = index.rows[row]!.runs[place]?.[7] ?? null;
      const finish = [draw.finishReason, ending].flatMap((word) => word ?? []);
      return { text: draw.text, toolCalls: draw.toolCalls, finish };
    },
  });
}
