// What a report is asked to be about.
import type { FilterOptions } from '../open/filters.ts';

export type ReportInput = FilterOptions & {
  /** The manifest; relative to the working folder of the world. */
  readonly file: string;
  /** So many of the scenarios that differ most, and transcripts of these alone. */
  readonly onlyDifferences?: number;
};
