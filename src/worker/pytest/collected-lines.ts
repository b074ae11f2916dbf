// What a harness writes into files of its own: which line is about which cell. The files are those that the manifest names, or
// those that its tests turn out to write.
import { globSync, statSync } from 'node:fs';
import path from 'node:path';
import { excerptOf, hasAnswer, readAnswer } from '../../answers/answer.ts';
import { metadataOfName } from '../../answers/metadata.ts';
import type { PytestHarness } from '../../core/harness.ts';
import { type CellNames, makeLineNames } from './line-names.ts';
import { openWritten, type WrittenFile, type WrittenLine } from './written-lines.ts';

export type Collected = {
  /** The line that names this cell, once. Where one test runs alone, a new line that names none is its own. */
  find(cell: CellNames, input: LookAt): WrittenLine | undefined;
  /** Whether there are files in which a line may still come. */
  hasFiles(): boolean;
  /** Why no line was found, in words. */
  whyNone(cell: CellNames): string;
  /** What the user mapped and no line had so far. */
  unmapped(): readonly string[];
  /** Files that lines were taken of and that nobody named, as a glob; null = there are none. */
  found(): string | null;
};

export type LookAt = {
  readonly isAlone: boolean;
  /** Nobody writes any more. */
  readonly isOver: boolean;
};

/** A file that a process opened for writing, and its length before. */
export type Opened = { readonly file: string; readonly bytes: number };

export function makeCollected(input: {
  readonly harness: PytestHarness;
  readonly cells: readonly Pick<CellNames, 'variant' | 'run'>[];
  /** Absolute. */
  readonly folder: string;
  /** How long named files were when the tests began, where that was not now; absolute. */
  readonly lengths?: ReadonlyMap<string, number>;
  /** Told by the processes themselves, so far; absolute. */
  readonly opened: () => readonly Opened[];
}): Collected {
  const { harness, folder } = input;
  const { collect } = harness;
  const fields = collect?.fields ?? {};
  const variants = new Set(input.cells.map(({ variant }) => variant));
  const runs = new Set(input.cells.map(({ run }) => run));
  const names = makeLineNames(harness, variants);
  const files = new Map<string, WrittenFile>();
  const taken = new Set<string>();
  const wrote = new Set<string>();
  const unmapped = new Set(
    Object.keys(fields).filter((ours) => ours === 'text' || ours === 'json' || ours === 'tool_calls'),
  );
  let loose: WrittenLine[] = [];
  let seen = 0;
  let base: 0 | 1 | null = collect?.runsFrom ?? null;
  let example: WrittenLine | null = null;

  function open(file: string, from: number): void {
    if (files.has(file)) return;
    const written = openWritten({ file, from, fields, variants });
    files.set(file, written);
    for (const line of written.before) lookAtRun(names.runOf(line));
  }

  function lookAtRun(run: number | null): void {
    if (run === 0) base ??= 0;
  }

  function openAll(): void {
    if (collect !== null) for (const file of filesOf(collect.files, folder)) open(file, 0);
    else for (const { file, bytes } of input.opened()) if (mayBeResults(file, folder)) open(file, bytes);
  }

  // What is there already is of another time.
  if (collect !== null)
    for (const [file, bytes] of input.lengths ?? lengthsOf(collect.files, folder)) open(file, bytes);

  function readNew(isOver: boolean): void {
    openAll();
    for (const file of files.values()) {
      for (const line of [...file.readNew(), ...(isOver ? file.readWhole() : [])]) {
        seen++;
        wrote.add(line.file);
        example ??= line;
        lookAtRun(names.runOf(line));
        for (const ours of [...unmapped]) if (isMapped(line, ours)) unmapped.delete(ours);
        // Files that nobody named hold other things as well.
        if (collect !== null || isAnswer(line)) loose.push(line);
      }
    }
  }

  const isMapped = ({ line }: WrittenLine, ours: string): boolean =>
    !readAnswer(line, { fields, setting: () => '' }).absent.includes(ours);

  function candidates(cell: CellNames, isAlone: boolean): readonly WrittenLine[] {
    return loose.filter((line) => {
      const variant = names.isOfVariant(line, cell.variant);
      if (variant === 'no' || (variant === 'unsaid' && !isAlone && variants.size > 1)) return false;
      return names.isOfScenario(line, cell.scenarios) === 'yes';
    });
  }

  function ofRun(lines: readonly WrittenLine[], cell: CellNames, isAlone: boolean): readonly WrittenLine[] {
    const said = lines.filter((line) => names.runOf(line) !== null);
    const from = base ?? 1;
    const exact = said.filter((line) => names.runOf(line) === cell.run - 1 + from);
    if (exact.length > 0) return exact;
    // Counted from 0, as the first line shows that says a run which nobody asked for, while the one above it was.
    const [only] = said;
    if (
      isAlone &&
      base === null &&
      said.length === 1 &&
      names.runOf(only!) === cell.run - 1 &&
      !runs.has(cell.run - 1)
    ) {
      base = 0;
      return said;
    }
    const unsaid = lines.filter((line) => names.runOf(line) === null);
    // Several runs of one cell in one file that numbers none: one line each, in their order. News may come late.
    if (unsaid.length > 0) return unsaid.slice(0, 1);
    // It is alone, and counts its runs in a way of its own.
    return isAlone && said.length === 1 && base === null && !runs.has(names.runOf(only!)!) ? said : [];
  }

  return {
    find(cell, { isAlone, isOver }) {
      readNew(isOver);
      if (unmapped.size > 0 && !isOver) return undefined;
      let own = ofRun(candidates(cell, isAlone), cell, isAlone);
      const [nameless] = loose;
      const isNameless =
        collect !== null && isAlone && loose.length === 1 && names.isOfScenario(nameless!, []) === 'unsaid';
      if (own.length === 0 && isNameless) own = [nameless!];
      // Of several the last: a test that is tried again writes again.
      const line = own.findLast(isAnswer) ?? own.at(-1);
      if (line === undefined) return undefined;
      loose = loose.filter((other) => !own.includes(other));
      taken.add(line.file);
      return line;
    },
    hasFiles() {
      openAll();
      return collect !== null || files.size > 0;
    },
    whyNone(cell) {
      const where = collect?.files ?? globOf([...wrote], { folder, variants });
      if (seen === 0 || example === null)
        return collect === null ? 'it wrote no line' : `no line came in ${where}`;
      const what = `variant ${cell.variant}, scenario ${cell.scenarios[0]} and run ${cell.run}`;
      const how = 'collect: {files: ..., fields: {scenario: THEIR_FIELD}} says what is what';
      return `none of ${seen} new lines in ${where} names ${what}: the first is ${excerptOf(example.line)} (${how})`;
    },
    unmapped: () => [...unmapped],
    found: () => (collect === null && taken.size > 0 ? globOf([...taken], { folder, variants }) : null),
  };

  function isAnswer({ line }: WrittenLine): boolean {
    const told = readAnswer(line, { fields, setting: () => '' });
    return (
      hasAnswer(told) ||
      told.text !== null ||
      told.mistakes.some(({ of: ours }) => ours === 'text' || ours === 'tool_calls')
    );
  }
}

function filesOf(pattern: string, folder: string): readonly string[] {
  return globSync(pattern, { cwd: folder })
    .map((file) => path.join(folder, file))
    .sort();
}

/** Of the files that a glob names, as they are now; absolute. */
export function lengthsOf(pattern: string, folder: string): ReadonlyMap<string, number> {
  return new Map(filesOf(pattern, folder).map((file) => [file, sizeOf(file)]));
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What tools and expgraph write beside the project is nobody's answer. */
const NOT_RESULTS = /(?:^|\/)(?:artifacts|node_modules|site-packages|__pycache__|venv|\.[^/]+)\//;

function mayBeResults(file: string, folder: string): boolean {
  const shown = path.relative(folder, file).replaceAll('\\', '/');
  return /\.(?:jsonl|ndjson|json)$/i.test(shown) && !shown.startsWith('../') && !NOT_RESULTS.test(shown);
}

/** `results/*.jsonl` where a file is named after a variant or a run. */
function globOf(
  files: readonly string[],
  input: { readonly folder: string; readonly variants: ReadonlySet<string> },
): string {
  const shown = files.map((file) => {
    const name = path.relative(input.folder, file).replaceAll('\\', '/');
    const isOne = Object.keys(metadataOfName(name, input.variants)).length === 0;
    return isOne ? name : path.posix.join(path.posix.dirname(name), `*${path.posix.extname(name)}`);
  });
  return [...new Set(shown)].sort().slice(0, 3).join(', ');
}
