// Blind reviews that were closed, with their protocols. A damaged one is not told of here: fsck says what is wrong with it.
import type { ReportFacts } from '../../report/document/facts.ts';
import { listReviews, readClosed, readProtocol } from '../review/files.ts';

/** @param root artifacts/<experiment> */
export function closedReviews(root: string): ReportFacts['reviews'] {
  return listReviews(root).flatMap(({ paths, state }) => {
    if (state !== 'closed') return [];
    const [protocol, closed] = [readProtocol(paths), readClosed(paths)];
    if (protocol.kind === 'err' || closed.kind === 'err' || closed.value === null) return [];
    return [{ protocol: protocol.value, closed: closed.value }];
  });
}
