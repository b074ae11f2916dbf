// Words of a command line -> the commands that they may be about. Each command's code is loaded only when it is called.
import { CommandError } from '../../project/open/command-error.ts';
import { packageVersion } from '../../project/open/provenance.ts';
import { examples } from '../../report/help/below.ts';
import { topicsLine } from '../../report/help/topics.ts';
import { type Command, Program, UsageMistake, type Wiring } from '../base.ts';
import { readGlobals, shaped, withGlobals } from '../globals.ts';
import type { Io } from '../io.ts';
import { groupsFor } from './groups.ts';
import { inGroups } from './headings.ts';

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
      examples('expgraph init && expgraph run\nexpgraph plan --explain\nexpgraph run --failed'),
    )
    .addHelpText('after', topicsLine());
  program.hook('preAction', async (_, action) => {
    await noteUnblinding(io, { action, argv });
    await chooseManifest(io, action);
  });
  const globals = readGlobals(words);
  const io = shaped(outside, globals);
  const groups = await Promise.all(groupsFor(words, globals).map(({ load }) => load()));
  for (const add of groups) add({ io, argv, done, program });
  inGroups(program);
  return program;
}

/** Use cases ask the world whether numbers may be shown by arm: no command can forget to hand it on. */
async function noteUnblinding(
  io: Io,
  { action, argv }: { readonly action: Command; readonly argv: readonly string[] },
): Promise<void> {
  if (action.opts().unblind !== true) return;
  const { quoteWord } = await import('../../text/next.ts');
  io.given.unblind = { what: ['expgraph', ...argv].map(quoteWord).join(' '), reason: null };
}

/** Every command that takes -f is told the manifest that is meant. `doctor` goes on without one, and says so. */
async function chooseManifest(io: Io, action: Command): Promise<void> {
  if (!action.options.some((option) => option.attributeName() === 'file')) return;
  const isGiven = action.getOptionValueSource('file') !== 'default';
  const { findManifest } = await import('../../project/open/find-manifest.ts');
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
