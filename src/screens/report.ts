// What a report says beside the screens of the viewer: how it was done, what came of it, where the arms differ. Made by project/report.
import type { ReportDocument } from '../report/document/document.ts';

export type { Differing, SaidAnswer } from '../report/document/differing.ts';
export type { DocumentBlock, DocumentPart } from '../report/document/document.ts';

export type ReportScreen = Omit<ReportDocument, 'transcripts'> & {
  /** Whose transcripts are inside. */
  readonly scenarios: readonly string[];
};
