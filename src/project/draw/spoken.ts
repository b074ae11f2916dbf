// Whom the workers of a run will speak to: what that takes is loaded while the run is still planned.
import type { Provider } from '../../core/manifest.ts';
import type { SpokenTo } from '../../core/providers/table.ts';

/** Each once. */
export function spokenTo(providers: readonly Provider[]): readonly SpokenTo[] {
  const all = providers.map(({ type, sdk }): SpokenTo => {
    return sdk === undefined ? { type } : { type, sdk: { package: sdk.package, create: sdk.create } };
  });
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}
