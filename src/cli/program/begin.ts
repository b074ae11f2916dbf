// Commands to begin with: init, schema, doctor, sim.
import { CommandError } from '../../project/open/command-error.ts';
import { TEMPLATES } from '../../project/open/templates.ts';
import { command, type Wiring, withFile } from '../base.ts';
import { examples } from '../help/help-words.ts';

export function addBegin({ program, io, done }: Wiring): void {
  command(program, 'init', 'put a working experiment into a folder')
    .argument('[folder]', 'where to', '.')
    .option('--template <name>', 'prompt, tools, agent, command or dataset (see below)')
    .option(
      '--from-pytest [path]',
      "make one of a pytest harness: its variants, its cases (default: pytest's own testpaths, else tests)",
    )
    .option(
      '--python <program>',
      'with --from-pytest: the interpreter (default: of .venv, venv, uv, poetry or the active environment, else python3)',
    )
    .option(
      '--variants-from <source>',
      'with --from-pytest: param:NAME, marker:NAME or env:NAME (default: looked for)',
    )
    .option(
      '--runs <number>',
      'with --from-pytest: repeats (default: as the tests repeat themselves, else 3)',
    )
    .option(
      '--refresh',
      'with --from-pytest: adopt what is new in the tests or gone from them; what you edited stays',
    )
    .option('-n, --dry-run', 'say what would be written, or with --refresh what would change; write nothing')
    .addHelpText(
      'after',
      `${templateWords()}${examples([
        'expgraph init',
        'expgraph init my-experiment --template prompt',
        'expgraph init --from-pytest',
        'expgraph init --from-pytest tests/experiment --variants-from param:model',
        'expgraph init --from-pytest --refresh --dry-run',
      ])}`,
    )
    .action(async (folder, options) => {
      if (options.fromPytest === undefined && !options.refresh) {
        return done((await import('../commands/init.ts')).initCommand(io, folder, options));
      }
      if (options.template !== undefined) {
        throw new CommandError('--template and --from-pytest are two ways to begin: take one');
      }
      const { initFromPytest } = await import('../commands/init-pytest.ts');
      done(await initFromPytest(io, folder, { ...options, fromPytest: options.fromPytest ?? true }));
    });

  command(program, 'schema', 'print a JSON Schema')
    .addArgument(
      program
        .createArgument('[name]', 'which one')
        .choices(['experiment', 'scenario', 'record', 'event'])
        .default('experiment'),
    )
    .addHelpText('after', examples(['expgraph schema > experiment.schema.json', 'expgraph schema record']))
    .action(async (name) => done(await (await import('../commands/schema.ts')).schemaCommand(io, name)));

  withFile(
    command(program, 'doctor', 'check Node, the manifest, keys, endpoints and the store, and say what to do'),
  )
    .option('--json', 'as one JSON document')
    .option(
      '--call',
      'ask each endpoint once, with a tool: it is paid for, and tells which settings it needs',
    )
    .option('--provider <name>', 'with --call: only this one (default: all that variants use)')
    .option('--model <name>', "with --call: this model (default: the first variant's)")
    .addHelpText('after', examples(['expgraph doctor', 'expgraph doctor --call --provider openai']))
    .action(async (options) =>
      done(await (await import('../commands/doctor.ts')).doctorCommand(io, options)),
    );

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
    .action(async (options) => done(await (await import('../commands/sim.ts')).simCommand(io, options)));
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
