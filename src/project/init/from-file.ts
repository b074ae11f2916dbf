// An experiment made of a file of another tool, or of a data set: translated, read as a manifest, written.

import { ManifestError } from '../open/experiment.ts';
import { notifyDiagnostics, type World } from '../open/world.ts';
import type { Draft } from '../translate/draft.ts';
import { type WrittenDraft, writeDraft } from './draft.ts';

export type Origin = 'promptfoo' | 'inspect' | 'data';

export type FromFileInput = {
  readonly from: Origin;
  /** Absolute. */
  readonly file: string;
  /** Absolute: where the manifest is to be. */
  readonly folder: string;
  readonly dryRun: boolean;
  readonly answers: Draft['answers'];
  /** As it is typed. */
  readonly again: string;
};

/** @throws CommandError, mistakes in files notified: then nothing is written */
export async function experimentFromFile(world: World, input: FromFileInput): Promise<WrittenDraft> {
  try {
    const draft = await translated({ ...input, cwd: world.cwd });
    return await writeDraft(world, { ...input, draft });
  } catch (cause) {
    if (cause instanceof ManifestError) notifyDiagnostics(world, cause.diagnostics);
    throw cause;
  }
}

async function translated(input: FromFileInput & { readonly cwd: string }): Promise<Draft> {
  switch (input.from) {
    case 'promptfoo':
      return (await import('../translate/promptfoo.ts')).fromPromptfoo(input);
    case 'inspect':
      return (await import('../translate/inspect.ts')).fromInspect(input);
    case 'data':
      return (await import('../translate/data.ts')).fromData(input);
  }
}
