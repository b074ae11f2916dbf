// Ways within side by side and out of it: each is a new address.
import type { ScenarioScreen } from '../../screens/scenario.ts';
import { focusLater } from '../base/focus-later.ts';
import { go } from '../base/route.ts';
import { toggled } from '../parts/look-address.ts';
import { atRow, matrixPart, type ReadingState, writeReading } from './address.ts';

/** The same scenario looked at otherwise; the way back does not stop at each fold. */
export function change(query: URLSearchParams, part: Partial<ReadingState>): void {
  go({ screen: 'scenario', query: writeReading(query, part) }, true);
}

/** `setup` and `expect` stand above the draws. */
export function toggleSection(
  query: URLSearchParams,
  { open }: ReadingState,
  section: 'setup' | 'expect',
): void {
  change(query, { open: toggled(open, section) });
}

/** One step back leads to where the reading began, however many were read since. */
export function goToScenario(query: URLSearchParams, scenario: string, row: number): void {
  go({ screen: 'scenario', query: writeReading(atRow(query, row), { scenario }) }, true);
}

export function scenarioAddress(query: URLSearchParams, scenario: string, row: number): URLSearchParams {
  return writeReading(atRow(query, row), { scenario });
}

/** The row of what is shown; while another is on its way the address has the row of that one already. */
export function matrixAddress(query: URLSearchParams, screen: ScenarioScreen | null): URLSearchParams {
  const isThere = screen !== null && screen.scenario === query.get('scenario');
  return matrixPart(isThere ? atRow(query, screen.position) : query);
}

export function goToMatrix(query: URLSearchParams, screen: ScenarioScreen | null): void {
  go({ screen: 'matrix', query: matrixAddress(query, screen) });
}

/** The box of the matrix that searches texts. */
const SEARCH_ID = 'mx-search';

export function goToSearch(query: URLSearchParams, screen: ScenarioScreen | null): void {
  goToMatrix(query, screen);
  focusLater(SEARCH_ID);
}
