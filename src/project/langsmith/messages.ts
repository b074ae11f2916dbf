// What a run and the process that sends its traces say to each other.
import type { LinkState } from '../../tracing/upload/link.ts';
import type { UploadCounts } from '../../tracing/upload/upload.ts';

export type ToUploader =
  | {
      readonly kind: 'start';
      readonly root: string /** Of the traces to send; null = only what is said of traces that were sent before. */;
      readonly folder: string | null;
      readonly version: string;
    }
  | { readonly kind: 'end' };

export type UploaderNews = UploadCounts & {
  readonly kind: 'news' | 'done';
  readonly state: LinkState;
  readonly why: string | null;
};
