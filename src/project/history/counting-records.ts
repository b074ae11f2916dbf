// The record that counts of each cell, whole, one at a time: what a program reads.
import type { ScenarioResult } from '../../core/record.ts';
import type { World } from '../open/world.ts';
import type { ShowInput } from './show.ts';
import { showRecords } from './show.ts';

/** @throws ManifestError on a manifest with mistakes, CommandError where a filter means nothing */
export async function* recordsOf(
  world: World,
  input: Omit<ShowInput, 'record'>,
): AsyncGenerator<ScenarioResult> {
  using found = await showRecords(world, input);
  if (found.kind === 'many') for (const { record } of found.records()) yield record;
  else if (found.kind === 'one') yield found.record;
}
