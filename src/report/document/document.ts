// A report before it has a form: headed parts in order, scenarios side by side, and every transcript. Plain data.
import type { Block } from '../../text/sheet.ts';
import type { Plot } from '../plot/plot.ts';
import type { Differing } from './differing.ts';
import type { ScenarioFacts } from './facts.ts';

export type DocumentBlock =
  | Exclude<Block, { readonly kind: 'chart' }>
  | { readonly kind: 'plot'; readonly plot: Plot }
  /** To be copied. */
  | { readonly kind: 'code'; readonly text: string };

export type DocumentPart = {
  /** In addresses: `results`. */
  readonly id: 'method' | 'results' | 'consistency' | 'provenance';
  readonly heading: string;
  readonly blocks: readonly DocumentBlock[];
};

export type ReportDocument = {
  readonly title: string;
  readonly description: string | null;
  /** YYYY-MM-DD HH:MM UTC. */
  readonly madeAt: string;
  /** What has to be known before any number is read. */
  readonly warnings: readonly string[];
  readonly parts: readonly DocumentPart[];
  readonly differing: readonly Differing[];
  readonly transcripts: readonly ScenarioFacts[];
  /** Scenarios whose transcripts are left out on request. */
  readonly left: number;
};
