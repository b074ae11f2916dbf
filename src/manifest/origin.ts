// What one scenario file yields: its scenarios, and for each of them a way back to the place where it stands.
import type { Location } from '../core/diagnostic.ts';
import type { Scenario } from '../core/manifest.ts';
import type { WrittenMapping } from '../scoring/mapping.ts';
import type { Findings } from './findings.ts';
import type { Target } from './place.ts';
import type { YamlReader } from './yaml-reader.ts';

/** `index` is the scenario's number in the file; paths of the target start at the scenario. */
export type Locate = (index: number, target: Target) => Location;

/** `expects_tools` as it stands in a file; paths of the target start at the mapping. */
export type WrittenIntents = {
  readonly raw: WrittenMapping;
  readonly file: string;
  readonly locate: (target: Target) => Location;
};

export type ScenarioList = {
  readonly scenarios: readonly {
    readonly scenario: Scenario;
    readonly index: number;
    readonly hasInput: boolean;
    /** From the farther to the nearer; mostly none. */
    readonly intents: readonly WrittenIntents[];
  }[];
  readonly locate: Locate;
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
  readonly readYaml: YamlReader;
  /** The pattern in the manifest that found the file. */
  readonly namedAt: () => Location;
};
