// Spans -> the service, in the form that it takes, whole or in pieces.

import { slimmer } from '../spans/slim.ts';
import { batchBody, multipartBody, type WireRun } from '../spans/wire.ts';
import type { Prepare } from './ensure.ts';
import type { Link, Taken } from './link.ts';

export type Deliver = {
  /** null = the link is stopped. */
  post(runs: readonly WireRun[]): Promise<Taken | null>;
  /**
   * One trace that is too large for one request, or of which a part is there: parents first, in halves down to single spans; a
   * span that is too large alone goes without its largest parts.
   */
  inPieces(runs: readonly WireRun[]): Promise<Taken | null>;
  /** Whether it still takes what it took before: then what it refuses is bad, and not the service. */
  isTaking(): Promise<boolean>;
  hasTaken(): boolean;
  /** A span that it took at another time, for want of one of today. */
  knows(run: WireRun): void;
};

export function makeDeliver({ link, prepare }: { readonly link: Link; readonly prepare: Prepare }): Deliver {
  /** A service that is older than multipart answers 404 there, and takes the same as JSON. */
  let isOld = false;
  let taken: readonly WireRun[] | null = null;
  let known: readonly WireRun[] | null = null;

  async function postAs(form: 'multipart' | 'batch', runs: readonly WireRun[]): Promise<Taken | null> {
    const answer = await link.call(
      form === 'batch'
        ? { method: 'POST', path: '/runs/batch', body: batchBody(runs) }
        : { method: 'POST', path: '/runs/multipart', body: multipartBody(runs, prepare.encoding()) },
    );
    if (answer?.kind === 'ok') taken = runs.slice(0, 1);
    return answer;
  }

  async function post(runs: readonly WireRun[]): Promise<Taken | null> {
    const form = isOld || !prepare.takesMultipart() ? 'batch' : 'multipart';
    const answer = await postAs(form, runs);
    if (form === 'batch' || answer?.kind !== 'missing') return answer;
    const again = await postAs('batch', runs);
    if (again?.kind === 'ok') isOld = true;
    return again;
  }

  async function inPieces(runs: readonly WireRun[]): Promise<Taken | null> {
    const answer = await post(runs);
    if (answer?.kind !== 'duplicate' && answer?.kind !== 'too-large') return answer;
    if (runs.length === 1) {
      const less = answer.kind === 'too-large' ? slimmer(runs[0]!) : null;
      return less === null ? answer : inPieces([less]);
    }
    const middle = Math.ceil(runs.length / 2);
    const first = await inPieces(runs.slice(0, middle));
    if (first?.kind !== 'ok' && first?.kind !== 'duplicate') return first;
    return inPieces(runs.slice(middle));
  }

  return {
    post,
    inPieces,
    async isTaking() {
      const control = taken ?? known;
      if (control === null) return false;
      const answer = await post(control);
      return answer?.kind === 'ok' || answer?.kind === 'duplicate';
    },
    hasTaken: () => taken !== null,
    knows(run) {
      known ??= [run];
    },
  };
}
