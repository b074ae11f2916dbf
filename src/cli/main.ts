// The command line: words -> one command. Each command's code is loaded only when it is called.
import { StoreError } from '../cache/store.ts';
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { CommandError, EXIT } from './exit.ts';
import { examples } from './help-words.ts';
import { type Io, realIo } from './io.ts';
import { type Command, CommanderError, Program, type Wiring } from './program/base.ts';
import { groupsFor } from './program/groups.ts';
import { packageVersion } from './provenance.ts';
import { isInterruptible } from './signals.ts';

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
  process.exitCode = await runCommandLine(io, argv);
}

export async function runCommandLine(io: Io, argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.complete;
  const program = await buildProgram({
    io,
    argv,
    done: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (cause) {
    return explain(io, cause);
  }
}

function explain(io: Io, cause: unknown): number {
  if (cause instanceof CommanderError) {
    // --help and --version end here as well, with code 0 and their text printed.
    return cause.exitCode === 0 ? EXIT.complete : EXIT.usage;
  }
  if (cause instanceof CommandError) {
    io.err.write(`expgraph: ${sanitizeLine(cause.message)}\n`);
    return cause.exitCode;
  }
  if (cause instanceof StoreError || isIndexDamage(cause)) {
    const message =
      cause instanceof StoreError
        ? cause.message
        : `index.db is damaged (${cause.message}); expgraph reindex makes it anew`;
    io.err.write(
      `expgraph: ${sanitizeLine(message)}\nNothing that was reported as done is lost. \`expgraph fsck\` checks the store.\n`,
    );
    return EXIT.store;
  }
  const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  io.err.write(`expgraph: this is a bug, please report it:\n${sanitizeBlock(text)}\n`);
  return EXIT.incomplete;
}

/** The index is the only database that is read lazily; whatever SQLite says of it, the history is whole. */
function isIndexDamage(cause: unknown): cause is Error {
  return cause instanceof Error && (cause as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}

async function buildProgram(wiring: Omit<Wiring, 'program'>): Promise<Command> {
  const { io } = wiring;
  const program = new Program('expgraph')
    .description(
      'The build system for LLM experiments: a manifest declares variants x scenarios x runs, a planner skips what is already there, history only grows.',
    )
    .version(packageVersion(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out.write(text), writeErr: (text) => io.err.write(text) })
    .showHelpAfterError('(expgraph --help shows the commands)')
    .addHelpText(
      'after',
      examples(['expgraph init && expgraph run', 'expgraph plan --explain', 'expgraph run --failed']),
    );
  program.hook('preAction', async (_, action) => chooseManifest(io, action));
  const groups = await Promise.all(groupsFor(wiring.argv).map(({ load }) => load()));
  for (const add of groups) add({ ...wiring, program });
  return program;
}

/** Every command that takes -f is told the manifest that is meant. `doctor` goes on without one, and says so. */
async function chooseManifest(io: Io, action: Command): Promise<void> {
  if (!action.options.some((option) => option.attributeName() === 'file')) return;
  const isGiven = action.getOptionValueSource('file') !== 'default';
  const { findManifest } = await import('./find-manifest.ts');
  try {
    action.setOptionValue('file', findManifest(io, isGiven ? action.opts().file : null));
  } catch (cause) {
    if (!(cause instanceof CommandError) || action.name() !== 'doctor' || isGiven) throw cause;
  }
}
