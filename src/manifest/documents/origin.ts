// What one scenario file yields: its scenarios, and for each of them a way back to the place where it stands.
import type { Location } from '../../core/diagnostic.ts';
import type { ScenarioMap } from '../../core/generated/experiment.ts';
import type { Scenario } from '../../core/manifest.ts';
import type { WrittenMapping } from '../../scoring/expectations/mapping.ts';
import type { Findings } from '../errors/findings.ts';
import type { Target } from '../errors/place.ts';

/** `index` is the scenario's number in the file; paths of the target start at the scenario. */
export type Locate = (index: number, target: Target) => Location;

/** `expects_tools` as it stands in a file; paths of the target start at the mapping. */
export type WrittenIntents = {
  readonly raw: WrittenMapping;
  readonly file: string;
  readonly locate: (target: Target) => Location;
};

export type ScenarioEntry = {
  /** Its id is empty where it has none: it is made when all are known. */
  readonly scenario: Scenario;
  /** Its number in its file, for `locate`. */
  readonly index: number;
  /** False: neither it nor the defaults of its file say an input. */
  readonly hasInput: boolean;
  /** Its input was written as the parts of one message. */
  readonly isOfParts: boolean;
  /** As written; undefined = it brings none. */
  readonly tools: string | readonly unknown[] | undefined;
  /** `expects_tools` of its file and its own, from the farther to the nearer; mostly none. */
  readonly intents: readonly WrittenIntents[];
};

export type ScenarioList = {
  readonly scenarios: readonly ScenarioEntry[];
  readonly locate: Locate;
  /** Of a table of promptfoo, whose columns are variables. */
  readonly isPromptfoo?: boolean;
};

export type Seen = {
  /** Of a mapped file. */
  readonly columns: Set<string>;
  /** Fields of the map that a row had something for. */
  readonly fields: Set<string>;
  /** Its columns are another tool's, which was said. */
  isForeign: boolean;
};

/** A scenario file that is about to be read. */
export type ScenarioSource = {
  /** Absolute. */
  readonly file: string;
  /** Relative to the manifest's folder. */
  readonly shown: string;
  /** The manifest's folder. */
  readonly folder: string;
  readonly findings: Findings;
  /** The pattern in the manifest that found the file. */
  readonly namedAt: () => Location;
  /** How its columns become fields; null = it is in our own form. */
  readonly mapping: { readonly map: ScenarioMap } | null;
  /** What its rows showed, filled while they are read. */
  readonly seen: Seen;
};
