// Where in a manifest something stands, for whoever finds a mistake after it was read: of a variant's setting, of an account, of
// a judge. Places are looked up when they are asked for.
import type { JsonPath } from '../core/canonical-input.ts';
import type { Diagnostic, Location } from '../core/diagnostic.ts';
import type { Manifest } from '../core/manifest.ts';
import type { Reading } from './reading.ts';
import { type Combination, findSetting, type SettingName } from './variants/settings.ts';

export type Places = {
  /** `inside`: further members. The nearest that is written where it is not. */
  variant(name: string, setting: SettingName, inside?: readonly string[]): Location;
  /** What stands under `judge:` or `embedding:` of the scorer; where nobody wrote one, where scorers are. */
  scorer(name: string, inside: readonly string[]): Location;
  /** null = it is built in, and nobody declared it. */
  provider(name: string, inside: readonly string[]): Location | null;
};

/** What loadManifest gives. */
export type LoadedManifest = {
  readonly manifest: Manifest;
  readonly warnings: readonly Diagnostic[];
  /** For mistakes that show only later: what packages make of its requests (project/open/frames.ts). */
  readonly places: Places;
};

export function makePlaces(
  reading: Reading,
  of: {
    /** By the name of the variant. */
    readonly arms: ReadonlyMap<string, Combination>;
    readonly scorers: Manifest['scorers'];
  },
): Places {
  const { document, raw } = reading;
  const locate = (path: JsonPath): Location => document.locate({ path, part: 'value' });
  return {
    variant(name, setting, inside = []) {
      const arm = of.arms.get(name);
      if (arm === undefined) return document.locate({ path: ['variants'], part: 'key' });
      const found = findSetting(reading, { arm, name: setting });
      if (found.kind === 'given') return locate([...found.path, ...inside]);
      return document.locate({ path: ['variants', arm.key], part: 'key' });
    },
    scorer(name, inside) {
      const { kind } = of.scorers.find((one) => one.name === name) ?? {};
      const nth = of.scorers.filter((one) => one.kind === kind).findIndex((one) => one.name === name);
      const written = (raw.scorers ?? []).flatMap((scorer, i) =>
        typeof scorer === 'object' && kind !== undefined && scorer?.[kind as 'judge'] ? [i] : [],
      )[nth];
      if (written === undefined) return document.locate({ path: ['scorers'], part: 'key' });
      return locate(['scorers', written, kind!, ...inside]);
    },
    provider(name, inside) {
      return raw.providers?.[name] === undefined ? null : locate(['providers', name, ...inside]);
    },
  };
}
