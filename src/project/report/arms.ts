// How each arm asks, as the manifest says it now, for the method of a report.
import path from 'node:path';
import { digestOf } from '../../core/canonical.ts';
import type { Harness } from '../../core/harness.ts';
import type { ArmFacts } from '../../report/document/facts.ts';
import type { Snapshot } from '../view/snapshot.ts';

export function armFacts({ experiment, cells }: Snapshot): readonly ArmFacts[] {
  return cells.columns.map(({ variant: name, runs }): ArmFacts => {
    const known = experiment.variants.get(name)?.variant;
    if (known === undefined) return { ...IMPORTED, variant: name, runs: runs.length };
    return {
      variant: name,
      provider: known.provider,
      model: known.model,
      temperature: known.temperature,
      maxOutputTokens: known.maxOutputTokens,
      maxTurns: known.maxTurns,
      seed: known.seed,
      runs: known.runs,
      params: known.params,
      system: known.system,
      template: known.template,
      tools: known.tools.map((tool) => tool.name),
      toolsDigest: digestOf(known.tools),
      harness: known.harness && harnessWords(known.harness),
    };
  });
}

/** What the manifest does not hold: it came with its answers, and nobody says how it asks. */
const IMPORTED: ArmFacts = {
  variant: '',
  provider: 'imported',
  model: 'not told',
  temperature: null,
  maxOutputTokens: null,
  maxTurns: 1,
  seed: null,
  runs: 0,
  params: {},
  system: null,
  template: '',
  tools: [],
  toolsDigest: '',
  harness: 'imported',
};

function harnessWords(harness: Harness): string {
  switch (harness.kind) {
    case 'module':
      return `own code, ${harness.file}`;
    case 'command':
      // Arguments may be paths of this machine.
      return `a program, ${path.basename(harness.argv[0] ?? '')}`;
    case 'pytest':
      return `pytest, ${harness.variant}`;
  }
}
