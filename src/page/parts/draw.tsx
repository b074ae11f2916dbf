// One draw as it is read: what became of it, what it called, what it said, what was thought of it, how it came about. Five parts
// in one order: a grid aligns those of draws that stand beside each other.
import type { DrawText } from '../../screens/scenario.ts';
import { quoteWord } from '../../text/next.ts';
import type { ComponentChildren } from '../base/preact.ts';
import { AnswerText } from './answer.tsx';
import { Calls, CallsDiff } from './calls.tsx';
import { Conversation } from './conversation.tsx';
import { Copy } from './copy.tsx';
import { DrawHead } from './draw-head.tsx';
import type { DrawLook } from './draw-look.ts';
import { DrawMore } from './draw-more.tsx';
import { Scores } from './scores.tsx';

import './draw.css';

export type DrawProps = {
  /** `baseline/scenario/1`, for screen readers and commands. */
  readonly cell: { readonly variant: string; readonly scenario: string; readonly run: number };
  readonly title: ComponentChildren;
  readonly draw: DrawText;
  /** What it is held against. */
  readonly base: { readonly name: string; readonly draw: DrawText } | null;
  /** Instead of its answer: it was said already. */
  readonly instead?: ComponentChildren;
  /** Beside the title. */
  readonly note?: ComponentChildren;
  readonly look: DrawLook;
  readonly id?: string;
};

export function Draw({ cell, title, draw, base, instead, note, look, id }: DrawProps) {
  const name = `${cell.variant}, run ${cell.run}`;
  return (
    <article class={`draw draw-${draw.mark}`} aria-label={name} id={id}>
      <DrawHead title={title} draw={draw} note={note} />
      {look.raw ? (
        <pre class="draw-raw">{rawText(draw)}</pre>
      ) : instead !== undefined ? (
        <div class="draw-instead">{instead}</div>
      ) : (
        <>
          <Called draw={draw} base={base} look={look} />
          <Answered draw={draw} base={base} look={look} cell={cell} />
          <div class="draw-scores">
            <Scores scores={draw.scores} look={look} />
          </div>
        </>
      )}
      <div class="draw-more">
        <DrawMore draw={draw} look={look} cell={cell} />
      </div>
    </article>
  );
}

function Called({ draw, base, look }: Pick<DrawProps, 'draw' | 'base' | 'look'>) {
  const from = base?.draw.toolCalls ?? [];
  return (
    <div class="draw-calls">
      <Conversation draw={draw} look={look} />
      {draw.toolCalls.length + from.length === 0 ? null : base === null ? (
        <Calls calls={draw.toolCalls} />
      ) : (
        <CallsDiff from={from} to={draw.toolCalls} />
      )}
    </div>
  );
}

function Answered({ draw, base, look, cell }: Pick<DrawProps, 'draw' | 'base' | 'look' | 'cell'>) {
  return (
    <div class="draw-text">
      <Answer draw={draw} base={base} look={look} cell={cell} />
    </div>
  );
}

function Answer({ draw, base, look, cell }: Pick<DrawProps, 'draw' | 'base' | 'look' | 'cell'>) {
  if (draw.record === null) return <NothingYet cell={cell} />;
  const text = draw.text ?? '';
  const before = base?.draw.text ?? '';
  if (text === '' && before !== '') return <p class="remark">No words; {base!.name} has some.</p>;
  if (text === '') return draw.toolCalls.length > 0 ? null : <p class="remark">{emptyWords(draw)}</p>;
  const against = base === null || before === '' ? null : { name: base.name, text: before };
  return <AnswerText text={text} against={against} look={look} />;
}

function NothingYet({ cell }: Pick<DrawProps, 'cell'>) {
  return (
    <div class="remark">
      Not drawn yet. <Copy text={runCommand(cell)} label="the command that draws it" />
    </div>
  );
}

function runCommand({ variant, scenario, run }: DrawProps['cell']): string {
  return `npx expgraph run --variant ${quoteWord(variant)} --scenario ${quoteWord(scenario)} --runs ${run}`;
}

function emptyWords({ mark, attempts, finishReason }: DrawText): string {
  const error = attempts.at(-1)?.error ?? null;
  if (error !== null) {
    const status = error.status === null ? '' : ` (${error.status})`;
    return `No answer: ${error.kind}${status}: ${error.message}`;
  }
  if (mark === 'error') return 'No answer.';
  return finishReason === null ? 'An empty answer.' : `An empty answer; it ended with ${finishReason}.`;
}

function rawText(draw: DrawText): string {
  return JSON.stringify(draw, null, 2);
}
