// The command line: words -> one command, and an exit code.
import { StoreError } from '../cache/store.ts';
import { sanitizeBlock, sanitizeLine } from '../core/text.ts';
import { CommandError, EXIT } from '../project/open/command-error.ts';
import { CommanderError, UsageMistake } from './base.ts';
import { spelledOut } from './globals.ts';
import type { Io } from './io.ts';
import { declareProgram } from './program/declare.ts';
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
  if (!io.env.EXPGRAPH_DEBUG) return runWords(io, given);
  const { withDebug } = await import('./terminal/debug.ts');
  using inside = withDebug(io);
  return await runWords(inside.io, given);
}

async function runWords(io: Io, given: readonly string[]): Promise<number> {
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
    if (cause instanceof UsageMistake && mistake.code !== 'commander.help') {
      const { usageWords } = await import('./help/usage.ts');
      io.err.write(usageWords(cause, given));
    }
    return EXIT.usage;
  }
  if (cause instanceof CommandError) {
    io.err.write(`expgraph: ${await typed(io, sanitizeLine(cause.message))}\n`);
    return cause.exitCode;
  }
  if (cause instanceof StoreError || isIndexDamage(cause)) {
    const message = cause instanceof StoreError ? cause.message : await indexWords(cause);
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

/** A disk that is full, or a database that is locked, damages no index: making it anew would not help. */
async function indexWords(cause: Error): Promise<string> {
  const { unused } = await import('../cache/index/index-db.ts');
  const { why, hint } = unused(cause);
  return `index.db ${why}; ${hint}`;
}

/** The index is the only database that is read lazily; whatever SQLite says of it, the history is whole. */
function isIndexDamage(cause: unknown): cause is Error {
  return cause instanceof Error && (cause as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}
