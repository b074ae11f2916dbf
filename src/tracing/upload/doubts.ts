// Traces that were refused, until it is known whether they are to blame or the service is: a wrong address, a proxy, a full
// plan refuse everything, and must not cost a trace. What decides is a control: something that was taken before, sent again.
//
//   refused --the control is taken--> for good (what it holds is wrong), or kept back (404, 413: that may change)
//           --it is not, or nothing was ever taken--> it waits, and the link is stopped with a sentence

import type { SpooledTrace } from '../spool/spool-read.ts';
import type { Deliver } from './deliver.ts';
import type { Prepare } from './ensure.ts';
import { type Link, strangerText } from './link.ts';

export type Refusal = {
  readonly kind: 'refused' | 'missing' | 'too-large';
  readonly why: string;
};

export type Doubts = {
  /** A request was refused, whatever comes of what it held. Resolves when it is worth while to go on. */
  note(refusal: Refusal): Promise<void>;
  /** One trace alone was refused. */
  add(trace: SpooledTrace, refusal: Refusal): void;
  /** Something was taken. */
  clear(): void;
  /** Decides what is open. */
  decide(): Promise<void>;
};

/** In a row. A service that takes nothing is not asked for each of ten thousand traces. */
const MOST_REFUSALS = 60;

export function makeDoubts(input: {
  readonly link: Link;
  readonly prepare: Prepare;
  readonly deliver: Deliver;
  readonly reject: (trace: SpooledTrace, why: string) => void;
  readonly keep: (trace: SpooledTrace, why: string) => void;
  readonly wait: (traces: readonly SpooledTrace[]) => void;
}): Doubts {
  const { link, prepare, deliver } = input;
  let open: { readonly trace: SpooledTrace; readonly refusal: Refusal }[] = [];
  let inRow = 0;
  let last: Refusal | null = null;
  let deciding: Promise<void> | null = null;

  function decide(): Promise<void> {
    deciding ??= judge().finally(() => {
      deciding = null;
    });
    return deciding;
  }

  async function judge(): Promise<void> {
    const doubted = open;
    open = [];
    if (last === null || (doubted.length === 0 && inRow < MOST_REFUSALS)) return;
    if (link.state() !== 'stopped' && (await deliver.isTaking())) {
      for (const { trace, refusal } of doubted) {
        if (refusal.kind === 'refused') input.reject(trace, refusal.why);
        else input.keep(trace, refusal.why);
      }
      inRow = 0;
      return;
    }
    input.wait(doubted.map(({ trace }) => trace));
    link.stop(outageText({ refusal: last, apiUrl: link.apiUrl, isOne: doubted.length === 1 && inRow < 3 }));
  }

  return {
    async note(refusal) {
      last = refusal;
      inRow++;
      if (refusal.kind === 'missing' && !prepare.isLangSmith() && !deliver.hasTaken()) {
        link.stop(strangerText(link.apiUrl, `it answers ${refusal.why}`));
      }
      if (inRow >= MOST_REFUSALS) await decide();
    },
    add(trace, refusal) {
      open.push({ trace, refusal });
    },
    clear() {
      inRow = 0;
    },
    decide,
  };
}

function outageText(input: {
  readonly refusal: Refusal;
  readonly apiUrl: string;
  /** And nothing else was there to be sent. */
  readonly isOne: boolean;
}): string {
  const { kind, why } = input.refusal;
  if (input.isOne && kind === 'refused')
    return `LangSmith at ${input.apiUrl} refuses the one trace that was sent (${why}); when it takes another, the trace is to blame`;
  switch (kind) {
    case 'too-large':
      return `LangSmith at ${input.apiUrl} takes nothing, not even spans without their parts (${why})`;
    case 'missing':
      return `LangSmith at ${input.apiUrl} finds no place for anything that is sent (${why}): check LANGSMITH_ENDPOINT and LANGSMITH_WORKSPACE_ID`;
    case 'refused':
      return `LangSmith at ${input.apiUrl} refuses everything that is sent (${why})`;
  }
}
