// What axe finds in a page as it stands: only what keeps somebody out, serious or critical. The page has to be visited with
// `bypassCSP`: its own rules let no script in.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from './chromium.ts';

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Found = {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string | null;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }[];
};

/** @returns one line an element, with what is wrong with it */
export async function axeFindings(page: Page): Promise<readonly string[]> {
  await page.evaluate(SOURCE);
  const found = (await page.evaluate("axe.run({ resultTypes: ['violations'] })")) as Found;
  return found.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}: ${failureSummary}`));
}
