// A report of an experiment, in one of its forms. Nothing is written but what the caller writes.
import { type MediaPart, mediaWords } from '../../core/media.ts';
import { sanitizeLine } from '../../core/text.ts';
import { decisionRecord } from '../../report/document/adr.ts';
import type { ReportDocument } from '../../report/document/document.ts';
import { documentGithub } from '../../report/document/github.ts';
import { documentHtml } from '../../report/document/html.ts';
import { makeDocument } from '../../report/document/make-document.ts';
import { documentMarkdown } from '../../report/document/markdown.ts';
import type { Inside } from '../../screens/inside.ts';
import type { World } from '../open/world.ts';
import { shownFile } from '../view/shown-file.ts';
import { gatherReport } from './gather.ts';
import type { ReportInput } from './input.ts';
import { reportInside } from './inside.ts';
import { filesInside } from './inside-files.ts';
import { pageFile } from './page-file.ts';

export type { ReportInput } from './input.ts';

export type ReportFormat = 'html' | 'md' | 'github' | 'adr';

export type MadeReport = {
  readonly text: string;
  readonly document: ReportDocument;
  /** artifacts/<experiment> */
  readonly root: string;
};

/** @throws ManifestError, CommandError, WithheldError as `gatherReport` does */
export async function makeReport(
  world: World,
  input: ReportInput & { readonly format: ReportFormat },
): Promise<MadeReport> {
  using gathered = await gatherReport(world, input);
  const { experiment } = gathered.snapshot;
  const document = makeDocument(gathered.facts);
  const made = { document, root: experiment.root };
  // It goes where others read it: what must not be told is taken out of the whole of it.
  const { redact } = experiment;
  switch (input.format) {
    case 'md':
      return { ...made, text: redact(documentMarkdown(document)) };
    case 'github':
      return { ...made, text: redact(documentGithub(document)) };
    case 'adr':
      return { ...made, text: redact(decisionRecord(document, gathered.facts)) };
    case 'html': {
      const inside = await reportInside(world, { gathered, document, input });
      const clean = JSON.parse(redact(JSON.stringify(inside))) as Inside;
      const { files, left } = await filesInside(clean.answers, (sha256) =>
        shownFile(gathered.snapshot, sha256),
      );
      if (left.length > 0) world.notify({ kind: 'note', text: leftWords(left) });
      const fallback = redact(documentHtml(document));
      return {
        ...made,
        text: pageFile({
          title: document.title,
          inside: { ...clean, ...(isEmpty(files) ? {} : { files }) },
          fallback,
        }),
      };
    }
  }
}

const MOST_NAMED = 3;

function leftWords(left: readonly MediaPart[]): string {
  const named = left.slice(0, MOST_NAMED).map((part) => sanitizeLine(mediaWords(part)));
  const more = left.length > named.length ? `, and ${left.length - named.length} more` : '';
  return `files of inputs that are too much for one file, or not kept, were left out of it: ${named.join(', ')}${more}`;
}

function isEmpty(object: object): boolean {
  return Object.keys(object).length === 0;
}
