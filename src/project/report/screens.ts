// The viewer's screens for one look at what is kept: nothing goes on, and nobody searches texts.
import type { World } from '../open/world.ts';
import { makeScreens, type ScreensOf } from '../view/screens.ts';
import { openTexts } from '../view/texts.ts';
import type { ReportInput } from './input.ts';

export function reportScreens(world: World, input: ReportInput): ScreensOf {
  // A file of texts is begun by the first search.
  const texts = openTexts({ clock: world.clock, withNewest: async (use) => use(null), onMore: () => {} });
  return makeScreens({ world, scope: input, texts });
}
