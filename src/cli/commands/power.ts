// expgraph power: how many scenarios and runs find a difference, before anything is drawn.
import { jsonLine } from '../../core/text.ts';
import { type PowerInput, planDesign } from '../../project/preview/power.ts';
import { powerJson, powerSheet } from '../../report/compare/power.ts';
import { sheetText } from '../../text/sheet-text.ts';
import { type Io, layoutOf } from '../io.ts';

export async function powerCommand(
  io: Io,
  options: PowerInput & { readonly json?: boolean },
): Promise<number> {
  const plan = await planDesign(io, options);
  io.out.write(options.json ? jsonLine(powerJson(plan)) : sheetText(powerSheet(plan), layoutOf(io.out)));
  return 0;
}
