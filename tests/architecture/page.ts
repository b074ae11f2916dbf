// The rules, read out of docs/architecture.md: the page is the rule.

export type Rules = {
  readonly rooms: ReadonlyMap<string, Room>;
  /** Folders inside of rooms, e.g. `manifest/errors`. */
  readonly subRooms: ReadonlyMap<string, SubRoom>;
  /** Room -> rooms that it must not even reach. */
  readonly never: ReadonlyMap<string, readonly string[]>;
  /** Rooms that know of no terminal. */
  readonly silent: readonly string[];
  /** Files from a manifest to a record, in order. */
  readonly walk: readonly string[];
  /** Rooms, or files without their ending, e.g. `run/retry`. */
  readonly pure: readonly string[];
};

export type Room = {
  readonly floor: number;
  /** Rooms, or `everything`. */
  readonly imports: readonly string[];
  /** Files that other rooms may import, or `everything`; empty = nobody may. */
  readonly doors: readonly string[];
};

export type SubRoom = {
  /** Of the same room: other sub-rooms, or files that stand in none, e.g. `manifest/reading`. */
  readonly imports: readonly string[];
  /** Files that the rest of the room may import, or `everything`. */
  readonly doors: readonly string[];
};

export function readRules(page: string): Rules {
  const rooms = tableAfter(page, 'rooms').map(([name, floor, imports, doors]): [string, Room] => [
    words(name)[0]!,
    { floor: Number(floor), imports: words(imports), doors: words(doors) },
  ]);
  const subRooms = tableAfter(page, 'sub-rooms').map(([name, imports, doors]): [string, SubRoom] => [
    words(name)[0]!,
    { imports: words(imports), doors: words(doors) },
  ]);
  const never = tableAfter(page, 'never').map(([who, what]): [string, readonly string[]] => [
    words(who)[0]!,
    words(what),
  ]);
  const pure = tableAfter(page, 'pure').flatMap(([names]) => words(names));
  const silent = tableAfter(page, 'silent').flatMap(([names]) => words(names));
  const walk = tableAfter(page, 'walk').flatMap(([file]) => words(file));
  return { silent, walk, rooms: new Map(rooms), subRooms: new Map(subRooms), never: new Map(never), pure };
}

/** The rows of the first table behind `<!-- rules: name -->`. */
function tableAfter(page: string, name: string): readonly (readonly string[])[] {
  const start = page.indexOf(`<!-- rules: ${name} -->`);
  if (start === -1) throw new Error(`the page has no table "${name}"`);
  const lines = page.slice(start).split('\n').slice(1);
  const first = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(first).findIndex((line) => !line.startsWith('|'));
  const rows = lines.slice(first, length === -1 ? undefined : first + length);
  // Head and rule are no rows.
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** The code words of a cell; plain words beside them are for the reader. */
function words(cell: string | undefined): readonly string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}
