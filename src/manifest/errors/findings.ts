// Collects every mistake of every file at once, each said once, a bounded number for each file.
import type { Diagnostic, Location, Severity } from '../../core/diagnostic.ts';
import { maskSecrets } from '../../core/secret-shapes.ts';

/** More than this of one file nobody reads; the rest is counted. */
export const MAX_PER_FILE = 50;
/** A folder with a mistake in each of its thousand files is one mistake. */
const MAX_FILES = 100;

export type Finding = {
  readonly severity?: Severity;
  readonly code: string;
  readonly message: string;
  readonly location: Location | null;
  readonly hint?: string | null;
  readonly related?: Diagnostic['related'];
};

export type Findings = {
  /**
   * `make` is not called beyond the bound: places are searched for and sentences built only where they are shown.
   * Findings of one file that are `alike` are one mistake: the first few are kept, and the others are counted.
   */
  add(file: string, make: () => Finding, alike?: string): void;
  hasErrors(): boolean;
  /** A file is about to be read: whatever was found, or not found, was found in these. */
  reads(file: string): void;
  /** Every file that was read, absolute. */
  sources(): readonly string[];
  /** File by file in the order of the first mistake, from top to bottom. */
  list(): readonly Diagnostic[];
};

type Page = {
  readonly shown: Diagnostic[];
  readonly said: Set<string>;
  readonly groups: Map<string, Group>;
  unsaid: number;
};
type Group = { readonly places: Diagnostic[]; count: number };

/** As many places as show what is meant; when there are no more, each is a mistake of its own. */
const MAX_PLACES = 3;

export function makeFindings(): Findings {
  const pages = new Map<string, Page>();
  const sources = new Set<string>();
  let unopened = 0;
  return {
    reads: (file) => void sources.add(file),
    sources: () => [...sources],
    add(file, make, alike) {
      let page = pages.get(file);
      if (!page) {
        if (pages.size >= MAX_FILES) {
          unopened++;
          return;
        }
        page = { shown: [], said: new Set(), groups: new Map(), unsaid: 0 };
        pages.set(file, page);
      }
      const group = alike === undefined ? undefined : page.groups.get(alike);
      if (group && group.places.length >= MAX_PLACES) {
        group.count++;
        return;
      }
      if (page.shown.length >= MAX_PER_FILE) {
        page.unsaid++;
        return;
      }
      const diagnostic = complete(make());
      const sentence = identity(diagnostic);
      if (page.said.has(sentence)) return;
      page.said.add(sentence);
      page.shown.push(diagnostic);
      if (alike === undefined) return;
      if (group) {
        group.count++;
        group.places.push(diagnostic);
      } else page.groups.set(alike, { count: 1, places: [diagnostic] });
    },
    hasErrors() {
      if (unopened > 0) return true;
      return [...pages.values()].some((page) => page.unsaid > 0 || page.shown.some(isError));
    },
    list() {
      const listed = [...pages].flatMap(([file, page]) => [
        ...joined(page).sort(byPlace),
        ...rest(file, page),
      ]);
      return unopened === 0
        ? listed
        : [
            ...listed,
            complete({ code: 'more', message: `and ${unopened} more in other files`, location: null }),
          ];
    },
  };
}

/** Of each group with more members than places, one diagnostic that says how many there are, and where the first stand. */
function joined({ shown, groups }: Page): Diagnostic[] {
  const large = [...groups.values()].filter(({ count }) => count > MAX_PLACES);
  const members = new Set(large.flatMap(({ places }) => places));
  const sums = large.map(({ places, count }) => {
    const [first, ...others] = places as [Diagnostic, ...Diagnostic[]];
    return {
      ...first,
      message: `${first.message} (and ${count - 1} more like it in this file)`,
      related: [
        ...first.related,
        ...others.flatMap(({ location }) => (location ? [{ message: 'the same again', location }] : [])),
      ],
    };
  });
  return [...shown.filter((diagnostic) => !members.has(diagnostic)), ...sums];
}

/** A key that somebody put where it does not belong is not to be found in the log of a CI, too. */
function complete(finding: Finding): Diagnostic {
  const { message, hint = null, location, related = [] } = finding;
  return {
    severity: 'error',
    ...finding,
    message: maskSecrets(message),
    hint: hint === null ? null : maskSecrets(hint),
    location: location === null ? null : masked(location),
    related: related.map((one) => ({
      ...one,
      message: maskSecrets(one.message),
      location: masked(one.location),
    })),
  };
}

function masked(location: Location): Location {
  const { sourceLine } = location;
  return sourceLine === null ? location : { ...location, sourceLine: maskSecrets(sourceLine) };
}

function rest(file: string, page: Page): readonly Diagnostic[] {
  if (page.unsaid === 0) return [];
  const line = page.shown.at(-1)?.location?.line ?? 1;
  const location = { file, line, column: 1, length: 1, sourceLine: null };
  return [complete({ code: 'more', message: `and ${page.unsaid} more in this file`, location })];
}

function identity({ code, message, location }: Diagnostic): string {
  return JSON.stringify([code, message, location && [location.file, location.line, location.column]]);
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (a.location === null || b.location === null)
    return Number(b.location === null) - Number(a.location === null);
  return a.location.line - b.location.line || a.location.column - b.location.column;
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === 'error';
}
