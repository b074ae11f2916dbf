// Commands that take results from elsewhere and give them to others: import, export.
import type { ImportFormat } from '../../exchange/imported.ts';
import { collect, command, Option, type Wiring, withFile, withFilters } from '../base.ts';
import { examples, WAIT } from '../help/help-words.ts';

/** Written out: to import the list would load its room at each start. */
const FORMATS: readonly ImportFormat[] = ['jsonl', 'json', 'csv', 'inspect', 'promptfoo'];

export function addExchange({ program, io, argv, done }: Wiring): void {
  withFile(command(program, 'import', 'results made elsewhere become history, as one invocation of its own'))
    .argument(
      '<results...>',
      'files or folders: JSONL, JSON, CSV, logs of Inspect, outputs of promptfoo, our own runs/',
    )
    .addOption(new Option('--format <format>', 'what the file is (default: by its content)').choices(FORMATS))
    .option('--map <ours=theirs>', 'which field of theirs is ours; dotted paths (repeatable)', collect)
    .option('--mapping <file>', 'the same as --map from a YAML or JSON file: ours: theirs')
    .option(
      '--score <field>',
      'a score that comes with the answers, or name=field; a scorer `precomputed` takes it (repeatable)',
      collect,
    )
    .option('--runs-from <n>', 'what their first run is called', '1')
    .option('--variant <name>', 'everything in the files is of this variant')
    .option('--next-runs', 'a result whose run is taken by another one is the next run')
    .option('--supersede', 'a result whose run is taken by another one counts from now on')
    .option('--requests <file>', 'of a batch of OpenAI: the file of its requests')
    .option('--skip-bad', 'leave out what cannot be read; else nothing is imported then')
    .option('--dry-run', 'say what would be imported, write nothing')
    .option('--json', 'as one JSON document')
    .option('--wait', WAIT)
    .addHelpText(
      'after',
      examples([
        'expgraph import old-results.jsonl --runs-from 0',
        'expgraph import old.jsonl --map variant=arm --map text=answer.text --dry-run',
        'expgraph import logs/2026-02-01_task.eval --variant baseline',
        'expgraph import promptfoo-out.json',
        'expgraph import results/ --next-runs',
      ]),
    )
    .action(async (sources, options) =>
      done(await (await import('../commands/import.ts')).importCommand(io, { ...options, sources, argv })),
    );

  withFilters(command(program, 'export', 'results for spreadsheets, DuckDB, CI and the viewer of Inspect'))
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['csv', 'jsonl', 'junit', 'inspect'])
        .default('jsonl'),
    )
    .option('-o, --output <path>', 'a file, - for stdout; with inspect a folder, one log a variant', '-')
    .option('--at <moment>', 'as it stood after this invocation, or at this date')
    .option('--all', 'every record of the history, not only what counts')
    .option('--raw', 'csv: cells that a spreadsheet would take for formulas stay as they are')
    .option('--bom', 'csv: begins with a byte order mark, by which Excel knows UTF-8')
    .option('--delimiter <char>', 'csv: between fields: , ; | or tab (default: ,)')
    .addHelpText(
      'after',
      examples([
        'expgraph export --format csv -o results.csv',
        'expgraph export --format csv --bom --delimiter ";" -o results.csv',
        "expgraph export --variant 'applike*' > results.jsonl",
        'expgraph export --format junit -o results.xml',
        'expgraph export --format inspect -o logs',
      ]),
    )
    .action(async (options) =>
      done(await (await import('../commands/export.ts')).exportCommand(io, options)),
    );
}
