// A folder of logs of Inspect: one a variant, and one more for each record of a cell beyond the one that counts.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { makeFolder, replaceFile } from '../../cache/disk/durable.ts';
import { sha256 } from '../../core/canonical.ts';
import { cellId } from '../../core/task.ts';
import type { InspectSample } from '../../exchange/inspect-sample.ts';
import { inspectLog } from '../../exchange/write-inspect.ts';
import { slugOf } from '../../variants/expand.ts';
import type { Experiment } from '../open/experiment.ts';
import { packageVersion } from '../open/provenance.ts';
import type { ExportReader } from './export-reader.ts';
import type { ExportRow } from './export-rows.ts';

export function exportInspect(input: {
  readonly experiment: Experiment;
  readonly rows: readonly ExportRow[];
  readonly records: ExportReader;
  readonly folder: string;
}): void {
  const { experiment, folder, records } = input;
  makeFolder(folder);
  for (const [variant, all] of Map.groupBy(input.rows, (row) => row.variant)) {
    for (const [layer, list] of layersOf(all).entries()) {
      // A log of nothing but damage is none.
      if (!list.some((row) => records.one(row))) continue;
      const { name, ending, chunks } = inspectLog({
        experiment: experiment.manifest.name,
        variant,
        layer,
        slug: slugIn(experiment, variant),
        expgraph: packageVersion(),
        all: records.read(list),
        samples: samplesOf({ ...input, list }),
      });
      replaceFile(path.join(folder, name), chunks);
      for (const other of readdirSync(folder)) {
        // The same log, exported when its first record was another one: Inspect would list both.
        if (other.endsWith(ending) && other !== name) rmSync(path.join(folder, other));
      }
    }
  }
}

/** A log holds one record of a scenario and epoch: the one that counts first, then the newer ones. */
function layersOf(rows: readonly ExportRow[]): readonly (readonly ExportRow[])[] {
  const layers: ExportRow[][] = [];
  const rank = ({ standing }: ExportRow): number => Number(standing === 'current');
  for (const records of Map.groupBy(rows, cellId).values()) {
    const ordered = records.sort((a, b) => rank(b) - rank(a) || b.id - a.id);
    for (const [layer, row] of ordered.entries()) {
      const list = layers[layer];
      if (list) list.push(row);
      else layers.push([row]);
    }
  }
  return layers;
}

function samplesOf(input: {
  readonly experiment: Experiment;
  readonly records: ExportReader;
  readonly list: readonly ExportRow[];
}): Iterable<InspectSample> {
  return {
    *[Symbol.iterator]() {
      for (const row of input.list) {
        const exported = input.records.one(row);
        if (!exported) continue;
        yield {
          ...exported,
          target: targetOf(input.experiment, row.scenario),
          explanations: input.records.reasons(row),
        };
      }
    },
  };
}

function targetOf(experiment: Experiment, scenario: string): string {
  const index = experiment.scenarioIndex.get(scenario);
  const expect = index === undefined ? null : experiment.manifest.scenarios[index]!.expect;
  if (expect === null) return '';
  return typeof expect === 'string' ? expect : JSON.stringify(expect);
}

function slugIn(experiment: Experiment, variant: string): string {
  return (
    experiment.variants.get(variant)?.variant.slug ??
    `${slugOf(variant).slice(0, 50)}-${sha256(variant).slice(0, 8)}`
  );
}
