// What a report says beside the screens of the viewer: how it was done, and what to think of it. Made by project/report.
export type ReportScreen = {
  readonly title: string;
  readonly madeAt: string;
  /** Headed parts in order, as Markdown that we wrote: texts of models are only in `screens`. */
  readonly parts: readonly { readonly heading: string; readonly markdown: string }[];
};
