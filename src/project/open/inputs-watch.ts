// Whether files that count are still what the keys were made of, asked whenever work begins and whenever it ends.
import path from 'node:path';
import type { CodeFile } from '../../core/harness.ts';
import type { Moved, Witness } from '../../core/input-moments.ts';
import type { Manifest } from '../../core/manifest.ts';
import { hasMedia, mediaIn } from '../../core/media.ts';
import type { Scorer } from '../../core/scoring.ts';
import { digestOfFile } from '../../manifest/variants/inputs.ts';
import { stampOf } from './stamp.ts';

/**
 * Files under `inputs:` and what `prepare:` made count for every variant, code for its own. What a scenario shows counts for its
 * tasks, where somebody else sends it: what is sent from here is held against its digest as it is sent (worker/media.ts).
 */
export function watchVariants(
  manifest: Pick<Manifest, 'folder' | 'inputs' | 'prepare' | 'variants' | 'scenarios'>,
): Witness {
  const { folder, inputs, prepare, variants, scenarios } = manifest;
  const shared = group([
    ...inputs.map((file) => ({ ...file, of: 'under inputs' })),
    ...prepare.flatMap(({ made }) => made.map((file) => ({ ...file, of: 'made by prepare' }))),
  ]);
  const arms = variants.map(({ name, harness, mcp }) => {
    const code = [...(harness?.code.files ?? []), ...(mcp?.code.files ?? [])];
    return [name, [shared, group(code.map((file) => ({ ...file, of: `code of ${name}` })))]] as const;
  });
  const isSentByOthers = variants.some(({ harness }) => harness !== null);
  const shown = scenarios.flatMap(({ id, input }) =>
    !isSentByOthers || typeof input === 'string' || !hasMedia(input)
      ? []
      : [
          [
            id,
            group(mediaIn(input).map((part) => ({ path: part.file, digest: part.sha256, of: 'an input' }))),
          ] as const,
        ],
  );
  const others = new Set(variants.flatMap(({ name, harness }) => (harness === null ? [] : [name])));
  return watchArms(folder, new Map(arms), { byScenario: new Map(shown), arms: others });
}

/** What is expected travels with the order as it was read; code and programs are read when they are started. */
export function watchScorers(folder: string, scorers: readonly Scorer[]): Witness {
  const arms = scorers.map((scorer) => {
    const files = scorer.kind === 'code' || scorer.kind === 'command' ? scorer.harness.code.files : [];
    return [scorer.name, [group(files.map((file) => ({ ...file, of: `code of ${scorer.name}` })))]] as const;
  });
  return watchArms(folder, new Map(arms));
}

type Watched = CodeFile & { readonly of: string };

/** Files that move together: those of one arm, or those that all share. */
type Group = {
  readonly files: readonly Watched[];
  changed: Watched | null;
  touched: Watched | null;
  /** The look that found the last touch; 0 = none did. */
  touchedAt: number;
};

function group(files: readonly Watched[]): Group {
  return { files, changed: null, touched: null, touchedAt: 0 };
}

/**
 * A file whose size, times and inode stand still is not read again; one that was touched is. No edit can take back the
 * time of its inode's last change: one that was reverted between two looks is seen as a touch.
 */
function watchArms(
  folder: string,
  arms: ReadonlyMap<string, readonly Group[]>,
  shown: {
    readonly byScenario: ReadonlyMap<string, Group>;
    readonly arms: ReadonlySet<string>;
  } = { byScenario: new Map(), arms: new Set() },
): Witness {
  const groups = [...new Set([...arms.values()].flat()), ...shown.byScenario.values()];
  const stamps = new Map<string, string>();
  let looks = 0;
  let isFresh = false;

  /** One look a turn of the event loop: whatever comes in during it was made before the next one. */
  function look(): void {
    if (isFresh) return;
    isFresh = true;
    setImmediate(() => {
      isFresh = false;
    });
    looks++;
    const seen = new Map<string, 'same' | 'touched' | 'changed'>();
    for (const one of groups) {
      for (const file of one.changed === null ? one.files : []) {
        const id = `${file.digest} ${file.path}`;
        const state = seen.get(id) ?? stateOf(file);
        seen.set(id, state);
        if (state === 'changed') one.changed = file;
        if (state !== 'touched') continue;
        one.touched = file;
        one.touchedAt = looks;
      }
    }
  }

  function stateOf({ path: name, digest }: Watched): 'same' | 'touched' | 'changed' {
    const file = path.join(folder, name);
    const stamp = stampOf(file);
    const before = stamps.get(name);
    if (stamp !== null && before === stamp) return 'same';
    if (stamp === null || digestOrNull(file) !== digest) return 'changed';
    stamps.set(name, stamp);
    return before === undefined ? 'same' : 'touched';
  }

  return {
    now() {
      look();
      return looks;
    },
    moved(arm, since, scenario) {
      look();
      const found = movedIn(arms.get(arm) ?? [], since);
      if (found !== null || scenario === undefined || !shown.arms.has(arm)) return found;
      const file = shown.byScenario.get(scenario);
      const own = file === undefined ? null : movedIn([file], since);
      return own && { ...own, isOfScenario: true };
    },
  };
}

function movedIn(groups: readonly Group[], since: number): Moved | null {
  const changed = groups.find((one) => one.changed !== null)?.changed;
  if (changed) return { kind: 'changed', why: `${words(changed)} was changed while tasks ran: ${KEPT}` };
  const touched = groups.find(({ touchedAt }) => touchedAt > since)?.touched;
  return touched ? { kind: 'touched', why: `${words(touched)} ${TOUCHED}: ${KEPT}` } : null;
}

const KEPT = 'their answers are kept, but satisfy nothing';
const TOUCHED = 'was written while tasks ran and is again what it was';

function words({ path: name, of }: Watched): string {
  return `${name} (${of})`;
}

function digestOrNull(file: string): string | null {
  try {
    return digestOfFile(file);
  } catch {
    // Gone or unreadable between the two looks: no longer what it was.
    return null;
  }
}
