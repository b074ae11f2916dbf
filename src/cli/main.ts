// The command line: words -> one command. Each command's code is loaded only when it is called.
import { StoreError } from '../cache/store.ts';
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { CommandError, EXIT } from '../project/open/command-error.ts';
import { packageVersion } from '../project/open/provenance.ts';
import { type Command, CommanderError, Program, UsageMistake, type Wiring } from './base.ts';
import { readGlobals, shaped, spelledOut, withGlobals } from './globals.ts';
import { examples } from './help/help-words.ts';
import { topicsLine } from './help/topics.ts';
import { usageWords } from './help/usage.ts';
import type { Io } from './io.ts';
import { groupsFor } from './program/groups.ts';
import { inGroups } from './program/headings.ts';
import { realIo } from './real-io.ts';
import { endAsFirstProcess, isInterruptible } from './terminal/signals.ts';

/** Runs one command line and sets the exit code. Never rejects for what a user can mend. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const io = realIo();
  // A reader that goes away (`| head`) is no error of ours. Where calls are in flight it is a hang-up: they are kept first.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (isInterruptible()) process.emit('SIGHUP', 'SIGHUP');
    else if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  });
  // Nobody to tell is no reason to lose calls that are paid for: a closed terminal or log only ends the telling.
  process.stderr.on('error', () => {});
  if (process.pid === 1) endAsFirstProcess();
  process.exitCode = await runCommandLine(io, argv);
}

export async function runCommandLine(io: Io, given: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.complete;
  const words = spelledOut(given);
  try {
    const program = await declareProgram({
      io,
      words,
      argv: given,
      done: (code) => {
        exitCode = code;
      },
    });
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (cause) {
    return await explain(io, { cause, given });
  }
}

async function explain(
  io: Io,
  { cause, given }: { readonly cause: unknown; readonly given: readonly string[] },
): Promise<number> {
  const mistake = cause instanceof UsageMistake ? cause.mistake : cause;
  if (mistake instanceof CommanderError) {
    // --help and --version end here as well, with code 0 and their text printed; help that nobody asked for is a mistake.
    if (mistake.exitCode === 0) return EXIT.complete;
    if (cause instanceof UsageMistake && mistake.code !== 'commander.help')
      io.err.write(usageWords(cause, given));
    return EXIT.usage;
  }
  if (cause instanceof CommandError) {
    io.err.write(`expgraph: ${await typed(io, sanitizeLine(cause.message))}\n`);
    return cause.exitCode;
  }
  if (cause instanceof StoreError || isIndexDamage(cause)) {
    const message =
      cause instanceof StoreError
        ? cause.message
        : `index.db is damaged (${cause.message}); npx expgraph reindex makes it anew`;
    const told = `expgraph: ${sanitizeLine(message)}\nNothing that was reported as done is lost. \`npx expgraph fsck\` checks the store.\n`;
    io.err.write(await typed(io, told));
    return EXIT.store;
  }
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  io.err.write(`expgraph: this is a bug, please report it:\n${sanitizeBlock(text)}\n`);
  return EXIT.incomplete;
}

/** Commands that a sentence names work where this one was typed. */
async function typed(io: Io, sentence: string): Promise<string> {
  if (!sentence.includes('npx expgraph')) return sentence;
  const [{ typedHere }, { placeWords }] = await Promise.all([
    import('../text/next.ts'),
    import('../project/open/filters.ts'),
  ]);
  return typedHere(sentence, placeWords(io));
}

/** The index is the only database that is read lazily; whatever SQLite says of it, the history is whole. */
function isIndexDamage(cause: unknown): cause is Error {
  return cause instanceof Error && (cause as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}

type Given = Omit<Wiring, 'program'> & {
  /** `argv`, with what is left out in it. */
  readonly words: readonly string[];
};

/** Declares what these words may be about: one group of commands where they name one, else all of them. */
export async function declareProgram({ io: outside, words, argv, done }: Given): Promise<Command> {
  const program = withGlobals(
    new Program('expgraph')
      .description(
        'The build system for LLM experiments: a manifest declares variants x scenarios x runs, a planner skips what is already there, history only grows.',
      )
      .usage('<command> [options]')
      .version(packageVersion(), '-V, --version', 'the version'),
  )
    .helpOption('-h, --help', 'this text; with a command, its own')
    .helpCommand(false)
    .exitOverride((cause) => {
      throw new UsageMistake(program, cause);
    })
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => outside.out.write(text),
      writeErr: (text) => outside.err.write(text),
      // Mistakes are told in one place, in our words.
      outputError: () => {},
      getOutHelpWidth: () => (outside.out.isTerminal ? outside.out.columns() : HELP_COLUMNS),
      getErrHelpWidth: () => (outside.err.isTerminal ? outside.err.columns() : HELP_COLUMNS),
    })
    .addHelpText(
      'after',
      examples(['expgraph init && expgraph run', 'expgraph plan --explain', 'expgraph run --failed']),
    )
    .addHelpText('after', topicsLine());
  program.hook('preAction', async (_, action) => chooseManifest(io, action));
  const globals = readGlobals(words);
  const io = shaped(outside, globals);
  const groups = await Promise.all(groupsFor(words, globals).map(({ load }) => load()));
  for (const add of groups) add({ io, argv, done, program });
  inGroups(program);
  return program;
}

/** Every command that takes -f is told the manifest that is meant. `doctor` goes on without one, and says so. */
async function chooseManifest(io: Io, action: Command): Promise<void> {
  if (!action.options.some((option) => option.attributeName() === 'file')) return;
  const isGiven = action.getOptionValueSource('file') !== 'default';
  const { findManifest } = await import('../project/open/find-manifest.ts');
  try {
    const found = findManifest(io, isGiven ? action.opts().file : null);
    action.setOptionValue('file', found);
    if (isGiven) io.given.file = found;
  } catch (cause) {
    if (!(cause instanceof CommandError) || action.name() !== 'doctor' || isGiven) throw cause;
  }
}

/** Where nobody says how wide it is shown. */
const HELP_COLUMNS = 80;
