// Commands that take results from elsewhere and give them to others: import, export.
import type { ImportFormat } from '../../exchange/imported.ts';
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW, OFFLINE_REMOTE_ROW, UNBLIND_ROW, WAIT_ROW } from './rows.ts';

/** Written out: to import the list would load its room at each start. */
const FORMATS: readonly ImportFormat[] = ['jsonl', 'json', 'csv', 'inspect', 'promptfoo'];

export function addExchange({ program, io, argv, done }: Wiring): void {
  const { filed, filtered } = declare(program);
  filed(`
    import               results made elsewhere become history, as one invocation of its own
    <results...>         files or folders: JSONL, JSON, CSV, logs of Inspect, outputs of promptfoo, our own runs/
    --format <format>    what the file is (default: by its content)  { ${FORMATS.join(' ')} }
    --map <ours=theirs>  which field of theirs is ours; dotted paths (repeatable)
    --mapping <file>     the same as --map from a YAML or JSON file: ours: theirs
    --score <field>      a score that comes with the answers, or name=field; a scorer \`precomputed\` takes it (repeatable)
    --runs-from <n>      what their first run is called  = 1
    --variant <name>     everything in the files is of this variant
    --next-runs          a result whose run is taken by another one is the next run
    --supersede          a result whose run is taken by another one counts from now on
    --requests <file>    of a batch of OpenAI: the file of its requests
    --skip-bad           leave out what cannot be read; else nothing is imported then
    --dry-run            say what would be imported, write nothing
    ${OFFLINE_REMOTE_ROW}
    ${JSON_ROW}
    ${WAIT_ROW}`).action(async (sources, options) =>
    done(await (await import('../commands/import.ts')).importCommand(io, { ...options, sources, argv })),
  );

  filtered(`
    export               results for spreadsheets, DuckDB, CI and the viewer of Inspect
    --format <format>    what to write  { csv jsonl junit inspect }  = jsonl
    -o, --output <path>  a file, - for stdout; with inspect a folder, one log a variant  = -
    --at <moment>        as it stood after this invocation, or at this date
    --all                every record of the history, not only what counts
    --raw                csv: cells that a spreadsheet would take for formulas stay as they are
    --bom                csv: begins with a byte order mark, by which Excel knows UTF-8
    --delimiter <char>   csv: between fields: , ; | or tab (default: ,)
    ${UNBLIND_ROW}`).action(async (options) =>
    done(await (await import('../commands/export.ts')).exportCommand(io, options)),
  );
}
