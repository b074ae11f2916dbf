// Blocks of a sheet that can be sent: a chart has a function in it, and plots stand in its place.
import type { Block } from '../text/sheet.ts';

export type SheetBlock = Exclude<Block, { readonly kind: 'chart' }>;

export function sheetBlocks(blocks: readonly Block[]): readonly SheetBlock[] {
  return blocks.flatMap((block) => (block.kind === 'chart' ? [] : [block]));
}
