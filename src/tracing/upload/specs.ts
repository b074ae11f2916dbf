// Datasets and experiments that spooled traces belong to, beside the spools: whoever sends them can make these first.
//
//   traces/datasets/<id>.json       name, examples
//   traces/experiments/<id>.json    name, dataset, metadata
//   traces/links.json               what LangSmith calls the projects: for links to its pages
import { existsSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { nameId } from '../../core/trace.ts';
import { makeSpoolFolder, writeSpoolFile } from '../spool/modes.ts';
import type { Dataset, Experiment } from './experiment.ts';

export function writeDataset(root: string, dataset: Dataset): void {
  write(path.join(root, 'datasets', `${dataset.id}.json`), dataset);
}

export function writeExperimentSpec(root: string, experiment: Experiment): void {
  write(path.join(root, 'experiments', `${experiment.id}.json`), experiment);
}

/** null = nobody wrote it, or it is damaged: then it has to be written again by a run or a sync. */
export function readExperimentSpec(
  root: string,
  id: string,
): { readonly experiment: Experiment; readonly dataset: Dataset } | null {
  const experiment = read<Experiment>(path.join(root, 'experiments', `${id}.json`));
  if (experiment === null) return null;
  const dataset = read<Dataset>(path.join(root, 'datasets', `${nameId('dataset', experiment.dataset)}.json`));
  return dataset === null ? null : { experiment, dataset };
}

export type Links = {
  readonly api: string;
  readonly tenant: string | null;
  /** LangSmith's ids of projects, by name. */
  readonly projects: { readonly [name: string]: string };
  /** And of datasets. */
  readonly datasets: { readonly [name: string]: string };
};

export function readLinks(root: string): Links | null {
  return read<Links>(path.join(root, 'links.json'));
}

export function writeLinks(root: string, links: Links): void {
  write(path.join(root, 'links.json'), links);
}

/** Whole or not at all: two programs may write the same at one time. */
function write(file: string, value: unknown): void {
  makeSpoolFolder(path.dirname(file));
  const draft = `${file}.${process.pid}.tmp`;
  writeSpoolFile(draft, `${JSON.stringify(value)}\n`);
  renameSync(draft, file);
}

function read<Value>(file: string): Value | null {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Value) : null;
  } catch {
    return null;
  }
}
