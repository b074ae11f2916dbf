// Commands to begin with: init, schema, doctor, sim.
import { TEMPLATES } from '../../project/open/templates.ts';
import { declare, type Wiring } from '../base.ts';
import { JSON_ROW } from './rows.ts';

export function addBegin({ program, io, done }: Wiring): void {
  const { plain, filed } = declare(program);
  const init = `
    init                      put a working experiment into a folder; in a terminal it asks what to begin with
    [folder]                  where to  = .
    Begin with:
    --template <name>         prompt, tools, agent, command or dataset (see below)
    --from-promptfoo <file>   a config of promptfoo: prompts, providers, tests, assertions
    --from-inspect <file>     a task of Inspect (task.py, task.py@name) or a log of it (.eval, .json); Python is read, not run
    --from-data <file>        a data set: CSV, TSV, JSONL, JSON or YAML; its columns are guessed and told
    --from-pytest [path]      a pytest harness: its variants, its cases (default: pytest's own testpaths, else tests)
    How:
    --real                    with --from-promptfoo, -inspect, -data: ask the real providers, not a simulation
    --vscode                  write .vscode/tasks.json as well
    -y, --yes                 ask nothing: the sample, where nothing else is said
    -n, --dry-run             say what would be written, or with --refresh what would change; write nothing
    Of pytest:
    --python <program>        with --from-pytest: the interpreter (default: of .venv, venv, uv, poetry or the active environment, else python3)
    --variants-from <source>  with --from-pytest: param:NAME, marker:NAME or env:NAME (default: looked for)
    --runs <number>           with --from-pytest: repeats (default: as the tests repeat themselves, else 3)
    --refresh                 with --from-pytest: adopt what is new in the tests or gone from them; what you edited stays`;
  plain(init, templateWords()).action(async (folder, options) =>
    done(await (await import('../commands/init-way.ts')).initByWay(io, folder, options)),
  );

  plain(`
    schema  print a JSON Schema
    [name]  which one  { experiment scenario record event review }  = experiment`).action(async (name) =>
    done(await (await import('../commands/schema.ts')).schemaCommand(io, name)),
  );

  filed(`
    doctor             check Node, the manifest, keys, endpoints and the store, and say what to do
    ${JSON_ROW}
    --call             ask each endpoint once, with a tool: it is paid for, and tells which settings it needs
    --provider <name>  with --call: only this one (default: all that variants use)
    --model <name>     with --call: this model (default: the first variant's)
    --remote           write to the remote, eight writers at one time: one must win; three files of 256 kB are left there`).action(
    async (options) => done(await (await import('../commands/doctor.ts')).doctorCommand(io, options)),
  );

  plain(`
    sim                           serve the simulation alone: a server on loopback that plays the APIs of OpenAI and Anthropic, and is no model
    --port <number>               port; 0 = a free one  = 8787
    --latency <ms>                median latency  = 120
    --spread <sigma>              sigma of the log-normal latency; 0 = constant  = 0.3
    --rate <per-second>           token bucket: beyond it 429 with Retry-After
    --burst <requests>            size of the bucket
    --tokens-per-minute <tokens>  the same for tokens
    --token-burst <tokens>        size of that bucket; a minute's worth if left out
    --max-in-flight <calls>       calls at one time: beyond it 429
    --no-limit-headers            do not tell the limits in x-ratelimit headers
    --window <kind>               count requests in windows, not in a bucket  { fixed sliding }
    --window-seconds <seconds>    their length: each holds that much of the rate  = 60
    --retry-after <how>           what a 429 says: exact (default), seconds (rounded up), or always so many seconds
    --no-retry-after              do not say Retry-After with a 429
    --errors <share>              share of requests answered 500  = 0
    --drops <share>               share of requests whose socket is dropped  = 0
    --hangs <share>               share of requests never answered  = 0
    --half-json <share>           share of answers cut in the middle  = 0
    --drips <share>               share of answers that come a byte at a time  = 0
    --drip-ms <ms>                time between two bytes of those  = 1000
    --invalid-utf8 <share>        share of answers with bytes that are no UTF-8  = 0
    --huge <share>                share of answers as long as --huge-bytes  = 0
    --huge-bytes <bytes>          length of their text  = 50000000
    --answer-bytes <bytes>        median length of the text of all others
    --drift-after <requests>      requests before the provider becomes another one
    --drift-latency <ms>          its median latency from then on
    --drift-model <name>          the model that it names from then on
    --drift-rate <per-second>     the rate of its bucket from then on
    --drift-burst <requests>      the size of that bucket
    --outage-after <requests>     requests before everything fails for a while
    --outage-ms <ms>              how long  = 5000
    --outage-status <status>      what is answered meanwhile  = 503
    --batch-ms <ms>               how long a batch takes: a second if left out
    --batch-window-ms <ms>        after so long a batch expires: a day if left out
    --seed <number>               seed of latencies and faults  = 0`).action(async (options) =>
    done(await (await import('../commands/sim.ts')).simCommand(io, options)),
  );
}

function templateWords(): string {
  const rows = Object.entries(TEMPLATES).map(([name, what]) => `  ${name.padEnd(9)}${what}`);
  return `
Templates, each with data, .gitignore, a GitHub workflow and a README. Without
one: the sample, two sets of tools. Nothing that is there is overwritten: all
files are written, or none.
${rows.join('\n')}
`;
}
