// The command line: words -> one command. Each command's code is loaded only when it is called.
import { Command, CommanderError, Option } from 'commander';
import { StoreError } from '../cache/store.ts';
import { sanitizeLine } from '../core/text.ts';
import { CommandError, EXIT } from './exit.ts';
import { DEFAULT_FILE } from './experiment.ts';
import type { FilterOptions } from './filters.ts';
import { COMPARE_WORDS, EXIT_CODES, examples, FSCK_WORDS, GC_WORDS, WAIT } from './help-words.ts';
import { type Io, realIo } from './io.ts';
import { packageVersion } from './provenance.ts';

/** Runs one command line and sets the exit code. Never rejects for what a user can mend. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const io = realIo();
  // A reader that goes away (`| head`) is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  });
  // Nobody to tell is no reason to lose calls that are paid for: a closed terminal or log only ends the telling.
  process.stderr.on('error', () => {});
  process.exitCode = await runCommandLine(io, argv);
}

export async function runCommandLine(io: Io, argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.complete;
  const program = buildProgram({
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
  io.err.write(`expgraph: this is a bug, please report it:\n${text}\n`);
  return EXIT.incomplete;
}

/** The index is the only database that is read lazily; whatever SQLite says of it, the history is whole. */
function isIndexDamage(cause: unknown): cause is Error {
  return cause instanceof Error && (cause as { code?: unknown }).code === 'ERR_SQLITE_ERROR';
}

type Wiring = { readonly io: Io; readonly argv: readonly string[]; readonly done: (code: number) => void };

function buildProgram({ io, argv, done }: Wiring): Command {
  const program = new Command('expgraph')
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

  withFilters(command(program, 'run', 'plan, execute what is pending, refresh the view, print the summary'))
    .option('--force', 'draw the tasks in scope again; older records stay in the history')
    .option('--offline', 'call no provider: show what is there, exit 1 if something is pending')
    .option('--max-new <tasks>', 'begin at most so many tasks, then exit 3')
    .option(
      '--deadline <time>',
      'begin nothing after this time (90s, 30m, 1.5h), finish what is paid, exit 3',
    )
    .option('--json', 'print the summary as one JSON document')
    .option('--events <file>', 'append one JSON line per event to this file')
    .option(
      '--langsmith-flush <time>',
      'wait so long for the last traces to be sent; else only as long as it is not felt',
    )
    .option('--langsmith-required', 'exit 1 if a trace could not be sent (waits up to 60s)')
    .option('--wait', WAIT)
    .addHelpText(
      'after',
      examples([
        'expgraph run',
        "expgraph run --scenario 'ambiguous:*' --variant applike --force",
        'expgraph run --failed',
        'expgraph run --max-new 10 --deadline 30m',
        'expgraph run --runs 1,3-5 --json > summary.json',
        'expgraph run --wait',
      ]) + EXIT_CODES,
    )
    .action(async (options) =>
      done(await (await import('./commands/run.ts')).runCommand(io, { ...options, argv })),
    );

  withFilters(command(program, 'plan', 'what would run, why, and what it will cost'))
    .option('--explain', 'which part of each stale task changed, from what to what')
    .option('--force', 'plan as run --force would')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'mermaid', 'dot'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples(['expgraph plan', 'expgraph plan --explain', 'expgraph plan --format mermaid > plan.mmd']),
    )
    .action(async (options) => done(await (await import('./commands/plan.ts')).planCommand(io, options)));

  withFilters(
    command(program, 'status', 'completeness of every variant x run: completed, stale, failed, missing'),
  )
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph status', 'expgraph status --json']))
    .action(async (options) => done(await (await import('./commands/status.ts')).statusCommand(io, options)));

  withFile(command(program, 'history', 'every record of the cells that match, and what changed between them'))
    .argument('[pattern]', 'a glob over scenario, variant, variant/scenario or variant/scenario/run')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples(['expgraph history', "expgraph history 'applike/ambiguous:*'", 'expgraph history sanity:*']),
    )
    .action(async (pattern, options) =>
      done(await (await import('./commands/history.ts')).historyCommand(io, { ...options, pattern })),
    );

  withFile(command(program, 'show', 'one record in full'))
    .argument('<record>', 'variant/scenario/run, a key (or its beginning), or key@generation')
    .option('--json', 'the record as it is kept')
    .addHelpText(
      'after',
      examples(['expgraph show applike/ambiguous:gym/1', 'expgraph show 3fa9c1@2 --json']),
    )
    .action(async (record, options) =>
      done(await (await import('./commands/show.ts')).showCommand(io, { ...options, record })),
    );

  withFile(command(program, 'diff', 'two states of the history, cell by cell'))
    .argument('<a>', 'an invocation (its number is enough), a date, or now')
    .argument('[b]', 'the same; now if left out', 'now')
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph diff 1 2', 'expgraph diff 2026-02-01 now']))
    .action(async (a, b, options) =>
      done(await (await import('./commands/diff.ts')).diffCommand(io, { ...options, a, b })),
    );

  withScope(
    withFile(
      command(program, 'compare', 'arms against each other, or over time: intervals, tests, plain words'),
    ),
  )
    .argument('[variants...]', 'names or globs; the first is held against each other one (default: all)')
    .addOption(
      new Option('--metric <metric>', 'what is compared (default: score)').choices([
        'score',
        'pass',
        'tokens',
        'latency',
        'cost',
      ]),
    )
    .addOption(new Option('--by <group>', 'each group as well').choices(['category', 'tag']))
    .option(
      '--at <moment>',
      'as it was at an invocation or a date; twice: each variant then against itself then (repeatable)',
      collect,
    )
    .option('--scorer <name>', 'only this scorer (repeatable)', collect)
    .option('--allow-incomplete', 'compare what is there, and mark every number')
    .option('--allow-mixed-models', 'the same where more than one model answered an arm')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'markdown', 'html'])
        .default('table'),
    )
    .option('--json', 'the same as --format json')
    .addHelpText(
      'after',
      examples([
        'expgraph compare',
        'expgraph compare baseline applike --by category',
        "expgraph compare baseline 'applike*' --metric tokens",
        'expgraph compare applike --at 1 --at now',
        'expgraph compare --format html > compare.html',
      ]) + COMPARE_WORDS,
    )
    .action(async (variants, options) =>
      done(await (await import('./commands/compare.ts')).compareCommand(io, { ...options, variants })),
    );

  withFile(command(program, 'fsck', 'check every line, number, key, blob, archive, the index and the view'))
    .option('--repair', 'mend what is derived, clear away what a crash left; damaged truth stays and is told')
    .option('--wait', `with --repair: ${WAIT}`)
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      `${examples(['expgraph fsck', 'expgraph fsck --repair', 'expgraph fsck --json | jq .findings'])}${FSCK_WORDS}`,
    )
    .action(async (options) =>
      done(await (await import('./commands/fsck.ts')).fsckCommand(io, { ...options, argv })),
    );

  withFile(command(program, 'gc', 'move records that nothing shows or asks for into an archive; asks first'))
    .option('--older-than <age>', 'only records older than this: 12h, 30d, 8w, or a date')
    .option('--keep <n>', 'of each cell keep at least its n newest records', '1')
    .option('--yes', 'do it without asking')
    .option('--restore <archive>', 'put an archive back into the history')
    .option('--wait', WAIT)
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      `${examples([
        'expgraph gc',
        'expgraph gc --older-than 30d --keep 3',
        'expgraph gc --older-than 2026-01-01 --yes',
        'expgraph gc --restore 1',
      ])}${GC_WORDS}`,
    )
    .action(async (options) =>
      done(await (await import('./commands/gc.ts')).gcCommand(io, { ...options, argv })),
    );

  withFile(command(program, 'reindex', 'rebuild index.db and the view from the history'))
    .option('--wait', WAIT)
    .addHelpText('after', examples(['expgraph reindex', 'expgraph reindex --wait']))
    .action(async (options) =>
      done(await (await import('./commands/reindex.ts')).reindexCommand(io, { ...options, argv })),
    );

  addLangSmith({ program, io, done });

  command(program, 'init', 'put a working experiment into a folder')
    .argument('[folder]', 'where to', '.')
    .option('--from-pytest <path>', 'make one of a pytest harness: its variants, its cases')
    .option('--python <program>', 'with --from-pytest: the interpreter', 'python3')
    .option(
      '--variants-from <source>',
      'with --from-pytest: param:NAME, marker:NAME or env:NAME (default: looked for)',
    )
    .option('--runs <number>', 'with --from-pytest: repeats', '3')
    .addHelpText(
      'after',
      examples([
        'expgraph init',
        'expgraph init my-experiment',
        'expgraph init --from-pytest tests/experiment',
      ]),
    )
    .action(async (folder, options) => {
      if (options.fromPytest === undefined) {
        return done((await import('./commands/init.ts')).initCommand(io, folder));
      }
      const { initFromPytest } = await import('./commands/init-pytest.ts');
      done(await initFromPytest(io, folder, options));
    });

  command(program, 'schema', 'print a JSON Schema')
    .addArgument(
      program
        .createArgument('[name]', 'which one')
        .choices(['experiment', 'scenario', 'record', 'event'])
        .default('experiment'),
    )
    .addHelpText('after', examples(['expgraph schema > experiment.schema.json', 'expgraph schema record']))
    .action(async (name) => done(await (await import('./commands/schema.ts')).schemaCommand(io, name)));

  withFile(
    command(program, 'doctor', 'check Node, the manifest, keys, endpoints and the store, and say what to do'),
  )
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph doctor']))
    .action(async (options) => done(await (await import('./commands/doctor.ts')).doctorCommand(io, options)));

  command(
    program,
    'sim',
    'serve the simulation alone: an OpenAI-compatible server on loopback that is no model',
  )
    .option('--port <number>', 'port; 0 = a free one', '8787')
    .option('--latency <ms>', 'median latency', '120')
    .option('--spread <sigma>', 'sigma of the log-normal latency; 0 = constant', '0.3')
    .option('--rate <per-second>', 'token bucket: beyond it 429 with Retry-After')
    .option('--burst <requests>', 'size of the bucket')
    .option('--tokens-per-minute <tokens>', 'the same for tokens')
    .option('--token-burst <tokens>', "size of that bucket; a minute's worth if left out")
    .option('--max-in-flight <calls>', 'calls at one time: beyond it 429')
    .option('--no-limit-headers', 'do not tell the limits in x-ratelimit headers')
    .option('--no-retry-after', 'do not say Retry-After with a 429')
    .option('--errors <share>', 'share of requests answered 500', '0')
    .option('--drops <share>', 'share of requests whose socket is dropped', '0')
    .option('--hangs <share>', 'share of requests never answered', '0')
    .option('--half-json <share>', 'share of answers cut in the middle', '0')
    .option('--drips <share>', 'share of answers that come a byte at a time', '0')
    .option('--drip-ms <ms>', 'time between two bytes of those', '1000')
    .option('--invalid-utf8 <share>', 'share of answers with bytes that are no UTF-8', '0')
    .option('--huge <share>', 'share of answers as long as --huge-bytes', '0')
    .option('--huge-bytes <bytes>', 'length of their text', '50000000')
    .option('--answer-bytes <bytes>', 'median length of the text of all others')
    .option('--drift-after <requests>', 'requests before the provider becomes another one')
    .option('--drift-latency <ms>', 'its median latency from then on')
    .option('--drift-model <name>', 'the model that it names from then on')
    .option('--outage-after <requests>', 'requests before everything fails for a while')
    .option('--outage-ms <ms>', 'how long', '5000')
    .option('--outage-status <status>', 'what is answered meanwhile', '503')
    .option('--seed <number>', 'seed of latencies and faults', '0')
    .addHelpText(
      'after',
      examples(['expgraph sim --port 8787', 'expgraph sim --latency 0 --rate 50 --errors 0.05 --drops 0.02']),
    )
    .action(async (options) => done(await (await import('./commands/sim.ts')).simCommand(io, options)));

  return program;
}

function addLangSmith({ program, io, done }: { readonly program: Command } & Omit<Wiring, 'argv'>): void {
  const langsmith = command(
    program,
    'langsmith',
    'traces: what waits, sending it, experiments, feedback',
  ).addHelpText(
    'after',
    examples(['expgraph langsmith status', 'expgraph langsmith push', 'expgraph langsmith sync']),
  );
  const load = () => import('./commands/langsmith.ts');
  withFile(command(langsmith, 'status', 'what was sent, what waits, what was refused and why'))
    .option('--json', 'as one JSON document')
    .action(async (options) => done(await (await load()).langsmithStatusCommand(io, options)));
  withFile(
    command(langsmith, 'push', 'send what waits: after a time offline, a crash, a service that was down'),
  )
    .argument('[invocation...]', 'only of these (numbers are enough)')
    .option('--shift-time', 'send what is older than a day as of today; the true times are in its metadata')
    .option('--keep-time', 'send what is older than a day as it is (self-hosted LangSmith takes it)')
    .option('--json', 'as one JSON document')
    .addHelpText('after', examples(['expgraph langsmith push', 'expgraph langsmith push 12 --shift-time']))
    .action(async (invocations, options) =>
      done(await (await load()).langsmithPushCommand(io, { ...options, invocations })),
    );
  withFilters(
    command(
      langsmith,
      'sync',
      'scenarios as a dataset, variants as experiments over it, also of earlier results',
    ),
  )
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples(['expgraph langsmith sync', "expgraph langsmith sync --variant 'applike*'"]),
    )
    .action(async (options) => done(await (await load()).langsmithSyncCommand(io, options)));
  withFile(command(langsmith, 'feedback', 'a verdict on the trace of a record; saying it again revises it'))
    .argument('<record>', 'variant/scenario/run, a key (or its beginning), or key@generation')
    .requiredOption('--key <name>', 'what is judged: correct, helpful, ...')
    .option('--score <number>', 'a number, such as 0 or 1')
    .option('--value <text>', 'a category')
    .option('--comment <text>', 'why')
    .option('--reviewer <name>', 'who says it: verdicts of two reviewers stand side by side')
    .option('--json', 'as one JSON document')
    .addHelpText(
      'after',
      examples([
        'expgraph langsmith feedback applike/ambiguous:gym/1 --key correct --score 1 --reviewer ann',
      ]),
    )
    .action(async (record, options) =>
      done(await (await load()).langsmithFeedbackCommand(io, { ...options, record })),
    );
}

function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .exitOverride()
    .configureOutput(program.configureOutput());
}

function withFile(on: Command): Command {
  return on.option('-f, --file <path>', 'the manifest', DEFAULT_FILE);
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function withFilters(on: Command): Command {
  return withScope(
    withFile(on).option('--variant <glob>', 'only these variants (repeatable)', collect),
  ).option('--failed', 'only tasks whose last record failed');
}

/** Which cells of the chosen variants. */
function withScope(on: Command): Command {
  return on
    .option('--scenario <glob>', 'only these scenarios (repeatable)', collect)
    .option('--category <name>', 'only this category (repeatable)', collect)
    .option('--tag <name>', 'only scenarios with this tag (repeatable)', collect)
    .option('--runs <list>', 'only these runs, for example 1,3-5 (repeatable)', collect);
}

/** Options that every filtered command gets. */
export type CommonOptions = FilterOptions & { readonly file: string; readonly json?: boolean };
