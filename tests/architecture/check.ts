// Holds a tree of source files against the rules: every complaint is one sentence that names the file and the line.
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { circlesOf, reachable } from './circles.ts';
import type { Rules } from './page.ts';
import { importsOf, type Token, tokenize } from './scan.ts';

/** Path from the root of the repository, e.g. `src/core/task.ts` -> text. */
export type Tree = ReadonlyMap<string, string>;

/** Longer files fail: they answer more than one question. */
const MAX_LINES = 300;
/** From the manifest to a line of the history, in as much text as can be read at one sitting. */
const MAX_WALK = { files: 20, lines: 1_800 };
/** Of Node's modules, those that reach nothing outside of the process. */
const PURE_BUILTINS = ['node:crypto', 'node:path', 'node:util'];
/** Names through which a function would see time, chance or the process. `.name` and `name:` are other things. */
const IMPURE_NAMES =
  /^(?:process|performance|setTimeout|setInterval|setImmediate|queueMicrotask|fetch|console|globalThis)$/;

/** The page names them: the files that load what a manifest names. */
const LOADS_WHAT_IS_NAMED = ['src/worker/own-code/load-module.ts', 'src/providers/ai-sdk-load.ts'];

type Edge = { readonly file: string; readonly line: number; readonly from: string };
type Source = { readonly file: string; readonly room: string; readonly tokens: readonly Token[] };

export function check(tree: Tree, rules: Rules): readonly string[] {
  const sources: Source[] = [...tree].map(([file, text]) => ({
    file,
    room: roomOf(file),
    tokens: tokenize(file.endsWith('.tsx') ? headOf(text) : text),
  }));
  const edges = sources.flatMap(({ file, tokens }) =>
    // A style sheet is no code.
    importsOf(tokens).flatMap(({ from, line }): readonly Edge[] =>
      from.endsWith('.css') ? [] : [{ file, line, from }],
    ),
  );
  const graph = graphOf(edges);
  return [
    ...checkTable(rules),
    ...sources.flatMap((source) => checkSource(source, rules)),
    ...[...tree].flatMap(([file, text]) => checkLength(file, text)),
    ...[...tree].flatMap(([file, text]) => checkLateImport(file, text)),
    ...edges.flatMap((edge) => checkEdge({ edge, tree, rules })),
    ...checkUnits(sources, edges, rules),
    ...checkWalk(tree, graph, rules),
    ...checkNever({ sources, graph, rules }),
    ...checkPackages(edges),
    ...circlesOf(graph).map((circle) => `circle of imports: ${[...circle, circle[0]].join(' -> ')}`),
  ];
}

/** The table itself: arrows run down, and only to rooms that exist. */
function checkTable(rules: Rules): readonly string[] {
  return [...rules.rooms].flatMap(([name, room]) =>
    room.imports.flatMap((other) => {
      if (other === 'everything') return [];
      const target = rules.rooms.get(other);
      if (!target) return [`the page lets ${name} import ${other}, a room that it does not list`];
      return target.floor < room.floor
        ? []
        : [
            `the page lets ${name} (floor ${room.floor}) import ${other} (floor ${target.floor}): arrows run down`,
          ];
    }),
  );
}

function checkSource({ file, room, tokens }: Source, rules: Rules): readonly string[] {
  const complaints = rules.rooms.has(room) ? [] : [`${file}: room "${room}" is not on the page`];
  const pure = isPure(file, rules);
  tokens.forEach((token, i) => {
    const where = `${file}:${token.line}`;
    if (isAnyType(tokens, i)) complaints.push(`${where}: the type any`);
    const loud = rules.silent.includes(room) ? loudName(tokens, i) : null;
    if (loud) complaints.push(`${where}: ${loud} in a silent room`);
    const impure = pure ? impureName(tokens, i) : null;
    if (impure) complaints.push(`${where}: ${impure} in a pure file`);
  });
  return complaints;
}

/** Of a file with JSX, whose text is no code, the imports: all of them stand at the top. */
function headOf(text: string): string {
  const end = /^(?:export )?(?:async |declare )?(?:function|const|let|class|type|enum) (?!.*\bfrom ')/m.exec(
    text,
  );
  return end === null ? text : text.slice(0, end.index);
}

function checkLateImport(file: string, text: string): readonly string[] {
  const isLate = file.endsWith('.tsx') && /\bimport\(|^import /m.test(text.slice(headOf(text).length));
  return isLate ? [`${file}: an import that does not stand at the top of a file with JSX`] : [];
}

function checkLength(file: string, text: string): readonly string[] {
  const lines = linesOf(text);
  // A generated file is as long as its schema.
  if (lines <= MAX_LINES || isGenerated(file)) return [];
  return [`${file}: ${lines} lines, at most ${MAX_LINES}`];
}

function linesOf(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function checkEdge(at: {
  readonly edge: Edge;
  readonly tree: Tree;
  readonly rules: Rules;
}): readonly string[] {
  const { edge, tree, rules } = at;
  const where = `${edge.file}:${edge.line}`;
  const pure = isPure(edge.file, rules);
  if (edge.from === '') {
    return LOADS_WHAT_IS_NAMED.includes(edge.file)
      ? []
      : [`${where}: imports a path that is put together at run time`];
  }
  if (edge.from.startsWith('node:')) {
    const allowed = roomOf(edge.file) === 'core' ? ['node:crypto'] : PURE_BUILTINS;
    return pure && !allowed.includes(edge.from) ? [`${where}: a pure file imports ${edge.from}`] : [];
  }
  if (!edge.from.startsWith('.')) {
    if (isBuiltin(edge.from)) return [`${where}: write node:${edge.from}`];
    return edge.from.startsWith('/') || edge.from.startsWith('#') ? [`${where}: imports ${edge.from}`] : [];
  }
  const target = targetOf(edge);
  if (target.startsWith('schema/')) return [];
  if (!tree.has(target)) return [`${where}: imports ${edge.from}, which is no file of src/`];
  const complaints = checkWall({ edge, target, rules });
  if (pure && !isPure(target, rules))
    complaints.push(`${where}: a pure file imports ${target}, which is not pure`);
  return complaints;
}

function checkWall(at: { readonly edge: Edge; readonly target: string; readonly rules: Rules }): string[] {
  const { edge, target, rules } = at;
  const from = roomOf(edge.file);
  const to = roomOf(target);
  const room = rules.rooms.get(from);
  if (from === to) return checkInside(edge, target, rules);
  if (!room || to === '') return [];
  const where = `${edge.file}:${edge.line}`;
  if (room.imports.includes('everything')) return [];
  if (!room.imports.includes(to)) return [`${where}: ${from} may not import ${to} (${target})`];
  const doors = rules.rooms.get(to)?.doors ?? [];
  const name = target.slice(`src/${to}/`.length);
  if (doors.includes('everything') || doors.includes(name)) return [];
  return [`${where}: ${target} is no door of ${to}`];
}

/** Inside of a room: its sub-rooms, and each file that stands in none, import each other one way only. */
function checkUnits(sources: readonly Source[], edges: readonly Edge[], rules: Rules): readonly string[] {
  const units = new Map<string, string[]>();
  for (const edge of edges) {
    if (
      !edge.from.startsWith('.') ||
      edge.from.endsWith('.css') ||
      isGenerated(edge.file) ||
      isGenerated(targetOf(edge))
    )
      continue;
    const [from, to] = [unitOf(edge.file), unitOf(targetOf(edge))];
    if (roomOf(edge.file) === roomOf(targetOf(edge)) && from !== to)
      units.set(from, [...(units.get(from) ?? []), to]);
  }
  const unknown = new Set(
    sources
      .filter(({ file, room }) => rules.rooms.has(room) && !isGenerated(file))
      .map(({ file }) => unitOf(file))
      .filter((unit) => isSubRoom(unit) && !rules.subRooms.has(unit)),
  );
  return [
    ...[...unknown].map((unit) => `sub-room "${unit}" is not on the page`),
    ...circlesOf(units)
      .filter((circle) => circle.some(isSubRoom))
      .map((circle) => `circle of sub-rooms: ${[...circle, circle[0]].join(' -> ')}`),
  ];
}

/** A step from one sub-room of a room to another, or to a file of the room that stands in none. */
function checkInside(edge: Edge, target: string, rules: Rules): string[] {
  const [from, to] = [unitOf(edge.file), unitOf(target)];
  if (from === to || isGenerated(edge.file) || isGenerated(target)) return [];
  const where = `${edge.file}:${edge.line}`;
  const own = rules.subRooms.get(from);
  const theirs = rules.subRooms.get(to);
  if (own && !own.imports.includes(to)) return [`${where}: ${from} may not import ${to} (${target})`];
  if (!theirs || theirs.doors.includes('everything')) return [];
  const name = target.slice(`src/${to}/`.length);
  return theirs.doors.includes(name) ? [] : [`${where}: ${target} is no door of ${to}`];
}

/** Every file of the walk is there and called by one before it, and all of them can be read at one sitting. */
function checkWalk(
  tree: Tree,
  graph: ReadonlyMap<string, readonly string[]>,
  { walk }: Rules,
): readonly string[] {
  const lines = walk.reduce((sum, file) => sum + linesOf(tree.get(file) ?? ''), 0);
  const first = walk[0] === undefined ? new Set<string>() : reachable(graph, walk[0]);
  return [
    ...walk.filter((file) => !tree.has(file)).map((file) => `the walk names ${file}, which is no file`),
    ...walk
      .slice(1)
      .filter((file) => tree.has(file) && !first.has(file))
      .map((file) => `the walk never comes to ${file}`),
    ...(walk.length > MAX_WALK.files ? [`the walk has ${walk.length} files, at most ${MAX_WALK.files}`] : []),
    ...(lines > MAX_WALK.lines ? [`the walk has ${lines} lines, at most ${MAX_WALK.lines}`] : []),
  ];
}

function checkNever(at: {
  readonly sources: readonly Source[];
  readonly graph: ReadonlyMap<string, readonly string[]>;
  readonly rules: Rules;
}): readonly string[] {
  return at.sources.flatMap(({ file, room }) => {
    const never = at.rules.never.get(room) ?? [];
    if (never.length === 0) return [];
    return [...reachable(at.graph, file)]
      .filter((target) => never.includes(roomOf(target)))
      .map((target) => `${file}: ${room} must never reach ${roomOf(target)}, and reaches ${target}`);
  });
}

/** Replacing a library is one file. */
function checkPackages(edges: readonly Edge[]): readonly string[] {
  const users = new Map<string, Set<string>>();
  for (const { from, file } of edges) {
    if (from === '' || /^[./#]/.test(from) || from.startsWith('node:') || isBuiltin(from)) continue;
    const name = from
      .split('/')
      .slice(0, from.startsWith('@') ? 2 : 1)
      .join('/');
    users.set(name, (users.get(name) ?? new Set()).add(file));
  }
  return [...users]
    .filter(([, files]) => files.size > 1)
    .map(
      ([name, files]) =>
        `package ${name} is imported by ${[...files].sort().join(' and ')}: one package, one file`,
    );
}

function graphOf(edges: readonly Edge[]): ReadonlyMap<string, readonly string[]> {
  const graph = new Map<string, string[]>();
  for (const edge of edges) {
    if (!edge.from.startsWith('.')) continue;
    graph.set(edge.file, [...(graph.get(edge.file) ?? []), targetOf(edge)]);
  }
  return graph;
}

function targetOf(edge: Edge): string {
  return path.posix.join(path.posix.dirname(edge.file), edge.from);
}

/** `src/core/generated/record.ts` -> `core`. */
function roomOf(file: string): string {
  const [, room, rest] = file.split('/');
  return rest === undefined ? '' : room!;
}

/** `src/run/limits/lanes.ts` -> `run/limits`; a file that stands in no sub-room is one of its own: `run/run.ts`. */
function unitOf(file: string): string {
  const [, room, first = '', more] = file.split('/');
  return more === undefined || first === 'generated'
    ? `${room}/${file.split('/').slice(2).join('/')}`
    : `${room}/${first}`;
}

/** Made of schemas: as long and as linked as they are. */
function isGenerated(file: string): boolean {
  return file.includes('/generated/');
}

function isSubRoom(unit: string): boolean {
  return !/\.tsx?$/.test(unit);
}

function isPure(file: string, rules: Rules): boolean {
  const name = file.replace(/^src\//, '').replace(/\.ts$/, '');
  return rules.pure.some((pure) => name === pure || name.startsWith(`${pure}/`));
}

function isAnyType(tokens: readonly Token[], i: number): boolean {
  if (tokens[i]!.kind !== 'word' || tokens[i]!.text !== 'any') return false;
  return tokens[i - 1]?.text !== '.' && !['(', ':', '='].includes(tokens[i + 1]?.text ?? '');
}

/** What only a command line may touch: streams, arguments, signals, the end of the process. */
function loudName(tokens: readonly Token[], i: number): string | null {
  const token = tokens[i]!;
  if (token.kind !== 'word' || tokens[i - 1]?.text === '.') return null;
  const after = tokens[i + 1]?.text;
  if (token.text === 'console' && after === '.') return 'console';
  if (token.text !== 'process' || after !== '.') return null;
  const member = tokens[i + 2]?.text ?? '';
  if (/^(?:stdin|stdout|stderr|argv|exit|exitCode)$/.test(member)) return `process.${member}`;
  const event = tokens[i + 4]?.text ?? '';
  return /^(?:on|once|off)$/.test(member) && /^SIG/.test(event) ? `process.${member} of a signal` : null;
}

function impureName(tokens: readonly Token[], i: number): string | null {
  const token = tokens[i]!;
  const before = tokens[i - 1]?.text;
  const after = tokens[i + 1]?.text;
  if (token.kind !== 'word' || before === '.') return null;
  if (IMPURE_NAMES.test(token.text)) return after === ':' ? null : token.text;
  const member = after === '.' ? tokens[i + 2]?.text : null;
  if (token.text === 'Math' && member === 'random') return 'Math.random';
  if (token.text !== 'Date') return null;
  if (member === 'now') return 'Date.now';
  // `new Date(given)` is arithmetic; `new Date()`, `new Date` and `Date()` ask the clock.
  if (before === 'new' && (after !== '(' || tokens[i + 2]?.text === ')')) return 'new Date()';
  return before !== 'new' && after === '(' ? 'Date()' : null;
}
