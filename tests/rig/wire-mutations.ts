// Edits of a world (tests/rig/wire-world.ts), by the field of the schemas that each is about. Whether an edit moves a key is
// not written here: what is sent and handed decides it.
import type { Loose, World } from './wire-world.ts';

export type Mutation = {
  readonly name: string;
  /** Fields of schema/experiment.schema.json and schema/scenario.schema.json, as `fieldsOf` names them. */
  readonly of: readonly string[];
  readonly change: (world: World) => void;
};

/** `at('variants.loop.max_turns')` of the manifest, `scenarios.0.input` of the scenarios. */
function place(world: World, path: string): { readonly holder: Loose; readonly last: string } {
  const steps = path.split('/');
  let holder: Loose = steps[0] === 'scenarios' ? world : world.manifest;
  for (const step of steps.slice(0, -1)) holder = holder[step];
  return { holder, last: steps.at(-1)! };
}

function set(path: string, value: unknown, of: readonly string[]): Mutation {
  return {
    ...{ name: `${path} = ${JSON.stringify(value)?.slice(0, 60)}`, of },
    change: (world) => {
      const { holder, last } = place(world, path);
      holder[last] = structuredClone(value);
    },
  };
}

function drop(path: string, of: readonly string[]): Mutation {
  return {
    ...{ name: `without ${path}`, of },
    change: (world) => {
      const { holder, last } = place(world, path);
      delete holder[last];
    },
  };
}

function edit(name: string, of: readonly string[], change: (world: World) => void): Mutation {
  return { name, of, change };
}

/** The members of an object the other way round. */
function turn(path: string, of: readonly string[]): Mutation {
  return {
    ...{ name: `${path}, its members the other way round`, of },
    change: (world) => {
      const { holder, last } = place(world, path);
      holder[last] = Object.fromEntries(Object.entries(holder[last]).reverse());
    },
  };
}

/** The text with its accents as marks of their own. */
function apart(path: string, of: readonly string[]): Mutation {
  return {
    ...{ name: `${path}, its accents apart`, of },
    change: (world) => {
      const { holder, last } = place(world, path);
      holder[last] = `${holder[last]} José`.normalize('NFD');
    },
  };
}

function file(name: string, change: (text: string) => string): Mutation {
  return edit(`an edit of ${name}`, [], ({ files }) => {
    files[name] = change(files[name]!);
  });
}

const ARMS = ['prompt', 'loop', 'responses', 'served', 'module', 'program', 'stream', 'tests'] as const;

const FORM = { type: 'object', properties: { reason: { type: 'string' }, answer: { type: 'string' } } };

/** Settings of the top level, and of each arm alone. */
const SETTINGS: readonly (readonly [string, readonly unknown[]])[] = [
  ['model', ['m-2']],
  ['temperature', [0.3, null]],
  ['max_output_tokens', [101, null]],
  ['params', [{}, { top_p: 0.6 }, { stop: ['x'], top_p: 0.5 }, { top_p: 0.5, stop: ['x'] }]],
  [
    'system',
    [
      ...['Be long.', { file: 'facts/b.txt' }, null],
      ...['Be long in {{vars.shape}}.', '{{id}} of {{category}}', 'Braces: {{!vars.shape}}.'],
    ],
  ],
  [
    'template',
    [
      ...['{{input}}', '{{ input }} ', '{{id}} {{category}} {{input}}', '{{vars.shape}} {{input}}'],
      [{ role: 'user', content: '{{input}}' }],
      [
        { role: 'user', content: 'What is a {{vars.shape}}?' },
        { content: 'Round.', role: 'assistant' },
        { role: 'user', content: '{{input}}', name: 'Ann' },
      ],
      [
        { role: 'user', content: '{{vars.shape}}' },
        { role: 'user', content: 'Nothing else.' },
      ],
    ],
  ],
  ['tools', [[], [{ name: 'other' }]]],
  [
    'response_format',
    [
      ...['json', null, { schema: FORM, name: 'answer' }, { schema: FORM, name: 'other' }],
      ...[
        { schema: FORM, description: 'What is asked for.' },
        { schema: FORM, strict: true },
      ],
      { schema: { ...FORM, properties: { answer: { type: 'number' } } } },
    ],
  ],
  ['max_turns', [1, 2, 3]],
  ['salt', ['s']],
];

const settings: readonly Mutation[] = SETTINGS.flatMap(([name, values]) =>
  values.flatMap((value) => [
    set(name, value, [`experiment.${name}`, `#settings.${name}`]),
    ...ARMS.map((arm) => set(`variants/${arm}/${name}`, value, [`#variant.${name}`])),
  ]),
);

const TOOL = 'tools/0';
const LOOP_TOOL = 'variants/loop/tools/0';
const SHAPE = 'scenarios/0/vars/shape';
const PYTEST = 'variants/tests/pytest';
const MCP = 'variants/served/mcp';

export const MUTATIONS: readonly Mutation[] = [
  ...settings,
  set('name', 'renamed', ['experiment.name']),
  set('description', 'Other.', ['experiment.description']),
  set('artifacts', { mode: 'group' }, ['experiment.artifacts', '#artifacts.mode']),
  set('strict_inputs', true, ['experiment.strict_inputs']),
  set('runs', 3, ['experiment.runs']),
  ...ARMS.map((arm) => set(`variants/${arm}/runs`, 4, ['#variant.runs'])),
  set('variants/prompt/description', 'Other.', ['#variant.description']),
  set('seed', 8, ['experiment.seed']),
  drop('seed', ['experiment.seed']),
  set('provider', 'other', ['experiment.provider', '#settings.provider']),
  ...ARMS.slice(0, 7).map((arm) => set(`variants/${arm}/provider`, 'other', ['#variant.provider'])),
  turn('params', ['experiment.params']),
  turn('params/extra/schema/properties', ['experiment.params']),
  turn('response_format/schema/properties', ['#responseFormat.schema']),
  apart('system', ['experiment.system']),
  apart('template', ['experiment.template']),
  apart('model', ['experiment.model']),
  file('texts/system.txt', (text) => `${text}!`),
  edit('the same system from another file', ['#textFile.file'], ({ manifest, files }) => {
    files['texts/moved.txt'] = files['texts/system.txt']!;
    manifest.variants.served.system = { file: 'texts/moved.txt' };
  }),

  edit('the form of an answer from a file', ['#responseFormat.schema'], ({ manifest, files }) => {
    files['texts/form.json'] = JSON.stringify(manifest.response_format.schema);
    manifest.response_format = { ...manifest.response_format, schema: 'texts/form.json' };
  }),
  set('response_format/name', 'told', ['#responseFormat.name']),
  set('response_format/description', 'Told.', ['#responseFormat.description']),
  set('response_format/strict', false, ['#responseFormat.strict']),

  set(`${TOOL}/name`, 'look_for', ['#tool.name', 'experiment.tools']),
  set(`${TOOL}/description`, 'Searches.', ['#tool.description']),
  drop(`${TOOL}/description`, ['#tool.description']),
  apart(`${TOOL}/description`, ['#tool.description']),
  drop(`${TOOL}/parameters`, ['#tool.parameters']),
  turn(`${TOOL}/parameters`, ['#tool.parameters']),
  turn(`${TOOL}`, ['#tool.parameters']),
  set(`${TOOL}/strict`, true, ['#tool.strict']),
  set(`${TOOL}/result`, { b: 1, a: '{{id}}' }, ['#tool.result']),
  set(`${LOOP_TOOL}/result`, 'other', ['#tool.result']),
  turn(`${LOOP_TOOL}/parameters`, ['#tool.parameters']),
  set('variants/loop/tools/1/result', ['one', 'three'], ['#tool.result']),
  set('variants/loop/tools/1/result', { b: 1, a: 2 }, ['#tool.result']),
  set('variants/loop/tools/1/result', { a: 2, b: 1 }, ['#tool.result']),
  set('variants/loop/tools/1/result', '{{id}}', ['#tool.result']),
  set('variants/loop/tools/1/result', { shape: '{{vars.shape}}' }, ['#tool.result']),
  edit('tools in another order', ['#variant.tools'], ({ manifest }) =>
    manifest.variants.loop.tools.reverse(),
  ),
  edit('tools from a file', ['#variant.tools'], ({ manifest, files }) => {
    files['texts/tools.json'] = JSON.stringify(manifest.variants.loop.tools);
    manifest.variants.loop.tools = 'texts/tools.json';
  }),

  edit('a variant renamed', ['experiment.variants'], ({ manifest }) => {
    manifest.variants = Object.fromEntries(
      Object.entries(manifest.variants).map(([name, variant]) => [
        name === 'prompt' ? 'asked' : name,
        variant,
      ]),
    );
  }),
  edit('every variant renamed', ['experiment.variants'], ({ manifest }) => {
    manifest.variants = Object.fromEntries(
      Object.entries(manifest.variants).map(([name, variant]) => [`${name}-x`, variant]),
    );
  }),
  edit('an arm as a matrix of one', ['#variant.matrix'], ({ manifest }) => {
    manifest.variants.prompt = { matrix: { temperature: [0.2] } };
  }),
  edit('an arm as a matrix of another', ['#variant.matrix'], ({ manifest }) => {
    manifest.variants.program.matrix = { temperature: [0.9] };
  }),
  edit('members of a variant in another order', [], ({ manifest }) => {
    manifest.variants.program = Object.fromEntries(Object.entries(manifest.variants.program).reverse());
  }),

  set(
    `${MCP}/command`,
    ['sh', 'mcp/serve.sh', 'y'],
    ['#mcp.command', '#variant.mcp', 'experiment.mcp', '#settings.mcp'],
  ),
  set(`${MCP}/env`, { MODE: 'n' }, ['#mcp.env']),
  set(`${MCP}/tools`, ['beta'], ['#mcp.tools']),
  set(`${MCP}/tools`, ['beta', 'alpha'], ['#mcp.tools']),
  set(`${MCP}/tools`, ['alpha', 'beta', 'nobody'], ['#mcp.tools']),
  set(`${MCP}/pass_env`, [], ['#mcp.pass_env']),
  edit('a server describes an offered tool in other words', [], ({ seen }) => {
    (seen.tools[0] as Loose).description = 'Other.';
  }),
  edit('a server describes a tool that is not offered in other words', [], ({ seen }) => {
    (seen.tools[2] as Loose).description = 'Other.';
  }),
  edit('a server has parameters in another order', [], ({ seen }) => {
    const { parameters } = seen.tools[0] as Loose;
    (seen.tools[0] as Loose).parameters = Object.fromEntries(Object.entries(parameters).reverse());
  }),
  edit('a server is of another version', [], ({ seen }) => {
    (seen as Loose).version = '2';
  }),

  file('own/deep/entry.mjs', (text) => `${text}// edited\n`),
  file('own/side.mjs', () => 'export const side = 2;\n'),
  file('program/record.sh', (text) => `${text}: edited\n`),
  file('mcp/serve.sh', (text) => `: edited\n${text}`),
  file('tests/test_a.py', (text) => `${text}# edited\n`),
  file('tests/test_b.py', (text) => `${text}# edited\n`),
  file('facts/a.txt', (text) => `${text}!`),
  file('made/c.txt', (text) => `${text}!`),
  edit('two imported files are swapped', ['#variant.use'], ({ files }) => {
    const [a, b] = ['own/deep/shown.mjs', 'own/deep/entry.mjs'];
    files['own/deep/shown.mjs'] = files[a]!.replace(
      'export const shown',
      `import '../side.mjs';\nexport const shown`,
    );
    files['own/deep/entry.mjs'] = `${files[b]!}`;
  }),
  edit('the way between two files is another', ['#variant.use'], ({ files, manifest }) => {
    files['own/deep/in.mjs'] = `export { default } from './entry.mjs';\n`;
    manifest.variants.module.use = './own/deep/in.mjs';
  }),
  edit(
    'two files import each other, and the other is begun with',
    ['#variant.use'],
    ({ files, manifest }) => {
      files['own/deep/entry.mjs'] = `import './second.mjs';\n${files['own/deep/entry.mjs']}`;
      files['own/deep/second.mjs'] = `export { default } from './entry.mjs';\n`;
      manifest.variants.module.use = './own/deep/second.mjs';
    },
  ),
  edit('the folder of own code is moved as a whole', ['#variant.use'], ({ files, manifest }) => {
    for (const name of Object.keys(files).filter((one) => one.startsWith('own/'))) {
      files[`moved/${name}`] = files[name]!;
      delete files[name];
    }
    manifest.variants.module.use = './moved/own/deep/entry.mjs';
    manifest.scorers[3].use = './moved/own/deep/score.mjs';
  }),
  edit('two inputs are swapped', ['experiment.inputs'], ({ files }) => {
    [files['facts/a.txt'], files['facts/b.txt']] = [files['facts/b.txt']!, files['facts/a.txt']!];
  }),
  edit('an input is renamed', ['experiment.inputs'], ({ files }) => {
    files['facts/z.txt'] = files['facts/b.txt']!;
    delete files['facts/b.txt'];
  }),
  set('inputs', ['facts/a.txt'], ['experiment.inputs']),
  edit('a prepared file is renamed', ['#prepareStep.outputs', 'experiment.prepare'], ({ files }) => {
    files['made/d.txt'] = files['made/c.txt']!;
    delete files['made/c.txt'];
  }),
  drop('prepare', ['experiment.prepare']),
  set('prepare/0/command', ['make', 'x'], ['#prepareStep.command']),
  set('prepare/0/inputs', [], ['#prepareStep.inputs']),
  set('prepare/0/env', { HOW: 'slow' }, ['#prepareStep.env']),
  set('prepare/0/pass_env', ['WIRE_KEY'], ['#prepareStep.pass_env']),
  set('prepare/0/timeout', '8s', ['#prepareStep.timeout']),

  set('variants/program/command', ['sh', 'program/record.sh', 'b'], ['#variant.command']),
  set('variants/program/protocol', 'once', ['#variant.protocol']),
  set('variants/program/env', { MODE: 'n' }, ['#variant.env']),
  set('variants/program/env', { MODE: 'm', MORE: '1' }, ['#variant.env']),
  set('variants/program/processes', 3, ['#variant.processes']),
  set('variants/program/pass_env', [], ['#variant.pass_env']),
  set('variants/stream/in_flight', 2, ['#variant.in_flight']),

  set('variants/tests/pytest_variant', 'modern', ['#variant.pytest_variant']),
  set(
    `${PYTEST}/path`,
    ['tests/test_b.py'],
    ['#pytest.path', '#variant.pytest', 'experiment.pytest', '#settings.pytest'],
  ),
  set(`${PYTEST}/path`, ['tests'], ['#pytest.path']),
  edit('another interpreter', ['#pytest.python'], ({ manifest, files }) => {
    files['other.sh'] = files['python.sh']!;
    manifest.variants.tests.pytest.python = './other.sh';
  }),
  set(`${PYTEST}/args`, ['-k', 'y'], ['#pytest.args']),
  set(`${PYTEST}/variants_from`, { env: 'LEG' }, ['#pytest.variants_from', '#pytest.variants_from.env']),
  set(`${PYTEST}/variants_from`, { param: 'ARM' }, ['#pytest.variants_from.param']),
  set(`${PYTEST}/variants_from`, { marker: 'ARM' }, ['#pytest.variants_from.marker']),
  set(`${PYTEST}/scenario_param`, 'which', ['#pytest.scenario_param']),
  set(`${PYTEST}/collect/files`, 'other/*.jsonl', ['#pytest.collect', '#pytest.collect.files']),
  set(`${PYTEST}/collect/fields`, { text: 'said' }, ['#pytest.collect.fields']),
  set(`${PYTEST}/collect/runs_from`, 0, ['#pytest.collect.runs_from']),
  set(`${PYTEST}/empty`, 'allowed', ['#pytest.empty']),
  set(`${PYTEST}/batch`, 8, ['#pytest.batch']),
  set(`${PYTEST}/end_timeout`, '5s', ['#pytest.end_timeout']),
  set(`${PYTEST}/runs_from`, { param: 'rep' }, ['#pytest.runs_from', '#pytest.runs_from.param']),
  edit('a file of variables for tests', ['#pytest.env_file'], ({ manifest, files }) => {
    files['keys.env'] = '# none yet\n';
    manifest.variants.tests.pytest.env_file = 'keys.env';
  }),
  edit('a file of variables for a command', ['#variant.env_file'], ({ manifest, files }) => {
    files['keys.env'] = '# none yet\n';
    manifest.variants.program.env_file = 'keys.env';
  }),
  set(`${PYTEST}/env`, { MODE: 'n' }, ['#pytest.env']),
  set(`${PYTEST}/pass_env`, [], ['#pytest.pass_env']),

  set('providers/gate/type', 'openai', ['#provider.type', 'experiment.providers']),
  edit('another path of the address', ['#provider.base_url'], ({ manifest }) => {
    manifest.providers.gate.base_url = manifest.providers.gate.base_url.replace('/v1', '/v2');
  }),
  edit('a closing slash of the address', ['#provider.base_url'], ({ manifest }) => {
    manifest.providers.gate.base_url += '/';
  }),
  set('providers/gate/api_key_env', 'PATH', ['#provider.api_key_env']),
  set('providers/gate/api', 'responses', ['#provider.api']),
  set('providers/gate/model', 'unused', ['#provider.model']),
  set('providers/gate/headers', { 'x-portkey-config': 'b', 'x-team': 't' }, ['#provider.headers']),
  set('providers/gate/headers', { 'x-portkey-config': 'a', 'x-team': 'u' }, ['#provider.headers']),
  set('providers/gate/headers', { 'x-team': 't', 'X-PORTKEY-CONFIG': 'a' }, ['#provider.headers']),
  set('providers/gate/headers', { 'x-portkey-config': 'a', 'x-lane': '1' }, [
    '#provider.headers',
    '#provider.key_headers',
  ]),
  set('providers/gate/headers', {}, ['#provider.headers']),
  set('providers/gate/key_headers', ['x-lane', 'X-Unused'], ['#provider.key_headers']),
  set('providers/gate/limits', { concurrency: 1, rpm: 5, tpm: 9 }, [
    ...['#provider.limits', '#provider.limits.concurrency', '#provider.limits.rpm', '#provider.limits.tpm'],
  ]),
  set('providers/gate/pricing', { m: { input: 3, cached_input: 1, output: 4 } }, [
    ...['#provider.pricing', '#price.input', '#price.cached_input'],
    '#price.output',
  ]),

  edit('a scenario renamed', ['#scenario.id'], ({ scenarios }) => {
    scenarios[0].id = 'words:uno';
  }),
  set('scenarios/0/input', 'What is a tree?', ['#scenario.input']),
  apart('scenarios/0/input', ['#scenario.input']),
  set('scenarios/0/input', [{ role: 'user', content: 'What is a café?' }], ['#scenario.input']),
  edit(
    'an image and a text as the parts of one message',
    ['#part.type', '#part.text', '#part.file', '#inputItem.text', '#inputItem.file'],
    ({ scenarios, files }) => {
      files['pictures/a.gif'] = 'GIF89a of three trees';
      scenarios[0].input = [
        { type: 'image', file: 'pictures/a.gif' },
        { type: 'text', text: 'How many?' },
      ];
    },
  ),
  edit('an image in a message', ['#inputItem.role', '#inputItem.content'], ({ scenarios, files }) => {
    files['pictures/a.gif'] = 'GIF89a of four trees';
    scenarios[0].input = [{ role: 'user', content: [{ type: 'image', file: './pictures/a.gif' }] }];
  }),
  set('scenarios/1/input/2/content', 'What is a tree?', ['#message.content']),
  set('scenarios/1/input/1/role', 'system', ['#message.role']),
  turn('scenarios/1/input/0', ['#message.content']),
  set('scenarios/1/input/0/name', 'Ann', ['#scenario.input']),
  set('scenarios/0/category', 'other', ['#scenario.category']),
  set('scenarios/0/tags', ['u'], ['#scenario.tags']),
  set('scenarios/0/description', 'Other.', ['#scenario.description']),
  set('scenarios/0/vars/place', 'Hull', ['#scenario.vars']),
  set('scenarios/0/vars/spot', 'gate', ['#scenario.vars']),
  set('scenarios/0/vars/unread', 'v', ['#scenario.vars']),
  set(SHAPE, { tall: 1, long: 3 }, ['#scenario.vars']),
  turn(SHAPE, ['#scenario.vars']),
  turn('scenarios/0/vars', ['#scenario.vars']),
  apart('scenarios/0/vars/place', ['#scenario.vars']),
  apart('scenarios/0/vars/unread', ['#scenario.vars']),
  set('scenarios/0/expect', { contains: 'hi' }, ['#scenario.expect']),
  set('scenarios/0/expect', { contains: 'hello', judge: 'Is it kind?' }, ['#scenario.expect']),
  set('scenarios/0/tool_results/look_up', 'here', ['#scenario.tool_results']),
  set('scenarios/0/tool_results/look_up/1', { a: 1, b: '{{vars.shape}}' }, ['#scenario.tool_results']),
  set('scenarios/0/tool_results/look_up/0', 'in {{vars.spot}}', ['#scenario.tool_results']),
  set('scenarios/0/tool_results/look_up/0', 'in {{arguments.word}}', ['#scenario.tool_results']),
  set('scenarios/0/tool_results/list_all', 'all', ['#scenario.tool_results']),
  set('scenarios/0/tool_results/not_offered', 'other {{vars.unread}}', ['#scenario.tool_results']),
  turn('scenarios/0/tool_results', ['#scenario.tool_results']),
  drop('scenarios/0/tool_results', ['#scenario.tool_results']),
  set('scenarios/0/tools', [{ name: 'own', parameters: { b: 1, a: 2 } }], ['#scenario.tools']),
  set('scenarios/0/tools', [], ['#scenario.tools']),
  set('scenarios/0/tools', [{ name: 'list_all', result: '{{vars.unread}}' }], ['#scenario.tools']),
  set(
    'scenarios/0/tools',
    [{ type: 'function', function: { name: 'not_offered', description: 'Is told.' } }],
    ['#scenario.tools'],
  ),
  edit('the tools of a scenario are those of the arm', ['#scenario.tools'], ({ manifest, scenarios }) => {
    scenarios[0].tools = structuredClone(manifest.tools);
  }),
  edit('the tools of a scenario are in a file', ['#scenario.tools'], ({ files, scenarios }) => {
    files['texts/tools.json'] = JSON.stringify([{ name: 'own' }]);
    scenarios[0].tools = 'texts/tools.json';
  }),
  set('scenarios/0/expects_tools', { find: { '*': { name: 'look_up' } } }, [
    ...['#scenario.expects_tools', '#intentTool.name', '#intentTool.arguments'],
  ]),
  edit('members of a scenario in another order', [], ({ scenarios }) => {
    scenarios[0] = Object.fromEntries(Object.entries(scenarios[0]).reverse());
  }),
  edit(
    'what a file has for all its scenarios',
    [
      ...[
        '#collection.defaults',
        '#collection.scenarios',
        '#defaults.input',
        '#defaults.category',
        '#defaults.tags',
      ],
      ...[
        '#defaults.description',
        '#defaults.vars',
        '#defaults.expect',
        '#defaults.tool_results',
        '#defaults.tools',
        '#defaults.expects_tools',
      ],
    ],
    ({ scenarios }) => {
      const { id, ...defaults } = scenarios[0];
      scenarios[0] = {
        defaults: { ...defaults, vars: { ...defaults.vars, place: 'Hull' } },
        scenarios: [{ id, tags: ['t'] }],
      };
    },
  ),
  edit('scenarios from another file', ['experiment.scenarios'], ({ manifest }) => {
    manifest.scenarios = ['scenarios/0.json', 'scenarios/1.json'];
  }),
  edit(
    'a scenario in the words of another tool',
    [
      ...['#scenarioFiles.files', '#scenarioFiles.map', '#scenarioMap.id', '#scenarioMap.input'],
      ...['#scenarioMap.category', '#scenarioMap.tags', '#scenarioMap.description', '#scenarioMap.vars'],
      ...['#scenarioMap.expect', '#scenarioMap.tool_results', '#scenarioMap.tools'],
    ],
    ({ manifest, scenarios }) => {
      const { id, input, category, tags, description, vars, expect, tool_results } = scenarios[0];
      const row = { uid: id, q: { text: input }, category, tags, description, ...vars, expect, tool_results };
      scenarios[0] = { ...row, tool_calls: 3 };
      const fields = ['category', 'tags', 'description', 'expect', 'tool_results'];
      const map = {
        ...{
          id: 'uid',
          input: 'q.text',
          vars: Object.fromEntries(Object.keys(vars).map((name) => [name, name])),
        },
        ...Object.fromEntries(fields.map((name) => [name, name])),
      };
      manifest.scenarios = [{ files: 'scenarios/0.json', map }, 'scenarios/1.json'];
    },
  ),

  set('scorers/0/contains', { any: ['bye'] }, ['#scorer.contains', 'experiment.scorers']),
  set('scorers/0/name', 'spoken', ['#scorer.name']),
  set('scorers/0/pass_at', 0.5, ['#scorer.pass_at']),
  set('scorers/1/autoevals', { scorer: 'Levenshtein', expected: 'bye' }, ['#scorer.autoevals']),
  set('scorers/2/pass_at', 0.7, ['#scorer.pass_at']),
  set('scorers/2/name', 'referee', ['#scorer.name']),
  set('scorers/2/only', { scenario: '*' }, ['#scorer.only']),
  set('scorers/2/only', { category: 'words', scenario: 'words:*' }, [
    ...['#scorerScope.scenario', '#scorerScope.category', '#scorerScope.tag'],
  ]),
  set('scorers/2/judge/model', 'k', ['#judge.model', '#scorer.judge']),
  set('scorers/2/judge/provider', 'other', ['#judge.provider']),
  set('scorers/2/judge/temperature', 1, ['#judge.temperature']),
  set('scorers/2/judge/seed', 4, ['#judge.seed']),
  set('scorers/2/judge/max_output_tokens', 51, ['#judge.max_output_tokens']),
  set('scorers/2/judge/params', { stop: ['x'], top_p: 1 }, ['#judge.params']),
  set('scorers/2/judge/params', { top_p: 1, stop: ['x'] }, ['#judge.params']),
  apart('scorers/2/judge/system', ['#judge.system']),
  apart('scorers/2/judge/prompt', ['#judge.prompt']),
  set('scorers/2/judge/prompt', '{{output}} {{expect}} {{id}} {{category}}', ['#judge.prompt']),
  set('scorers/2/judge/rubric', 'Is it kind?', ['#judge.rubric']),
  set('scorers/2/judge/choices', { good: 0.9, bad: 0 }, ['#judge.choices']),
  set('scorers/2/judge/choices', { bad: 0, good: 1 }, ['#judge.choices']),
  set('scorers/2/judge/votes', 3, ['#judge.votes']),
  set('scorers/3/name', 'mine', ['#scorer.name']),
  turn('scorers/3/options', ['#scorer.options']),
  set('scorers/3/options/a', 3, ['#scorer.options']),
  set('scorers/3/inputs', ['facts/b.txt'], ['#scorer.inputs']),
  file('own/deep/score.mjs', (text) => `${text}// edited\n`),
  edit('an own scorer is renamed', ['#scorer.use'], ({ manifest, files }) => {
    files['own/deep/judge.mjs'] = files['own/deep/score.mjs']!;
    manifest.scorers[3].use = './own/deep/judge.mjs';
  }),
  set('scorers/4/name', 'said', ['#scorer.name']),
  set('scorers/4/command', ['sh', 'program/score.sh', 'z'], ['#scorer.command']),
  set('scorers/4/env', { MODE: 't' }, ['#scorer.env']),
  set('scorers/4/pass_env', [], ['#scorer.pass_env']),
  set('scorers/4/processes', 1, ['#scorer.processes']),
  set('scorers/4/protocol', 'once', ['#scorer.protocol']),
  turn('scorers/4/options', ['#scorer.options']),
  file('program/score.sh', (text) => `${text}: edited\n`),

  set('varies', ['model'], ['experiment.varies']),
  set('expects_tools', {}, ['experiment.expects_tools']),
  set('execution', { concurrency: 1, retries: 3, timeout: '40s', workers: 0 }, [
    ...[
      'experiment.execution',
      '#execution.concurrency',
      '#execution.retries',
      '#execution.timeout',
      '#execution.workers',
    ],
  ]),
  set('cluster', 'vars.spot', ['experiment.cluster']),
  set('gate', { pass: '>= 0.9', cost: ['<= 1', '> 0'] }, ['experiment.gate']),
  set('watch', { confirm_usd: 2, debounce: '2s' }, [
    'experiment.watch',
    '#watch.confirm_usd',
    '#watch.debounce',
  ]),
  set('tracing', { langsmith: { project: 'p' } }, [
    'experiment.tracing',
    '#tracing.langsmith',
    '#langsmith.project',
  ]),
];

const BY_PACKAGE =
  'what packages make of requests (tests/variants/key-is-the-package-wire.test.ts, tests/project/open/frames.test.ts)';
const RECORDED =
  'transport: whether what clients ask and are answered is seen on its way (tests/e2e/proxy.test.ts)';
const TALKED_TO =
  'transport: how an endpoint has to be talked to (tests/variants/fingerprint.test.ts, docs/decisions/0026)';

/** Fields that no mutation is about, each with its reason. A new field of a schema belongs here or among MUTATIONS. */
const PLAYED =
  'what the simulation is told to answer: nothing of it is sent, and it counts for the cells that it is for (tests/variants/fingerprint.test.ts)';

const LIKELY =
  'how the simulated model behaves: nothing of it is sent, and it never counts (tests/variants/fingerprint.test.ts)';

const MONEY = 'what a call costs: nothing that a model or code sees (tests/manifest/prices.test.ts)';
const SHARED = 'where results are shared: nothing that a model or code sees (tests/manifest/remote.test.ts)';
const NEAR = 'what counts of vectors: tests/e2e/embedding.test.ts';

export const UNTOUCHED: { readonly [field: string]: string } = {
  'experiment.version': 'the form of the file: there is one',
  '#mcp.url': 'no server answers at an address here; tests/variants/fingerprint.test.ts',
  '#provider.sim': 'transport: how the simulation behaves (tests/variants/fingerprint.test.ts)',
  'experiment.sim': PLAYED,
  ...Object.fromEntries(
    ['#simAnswerParts', '#simVariantParts', '#simLikelyParts', '#simRunParts', '#simTurnParts'].flatMap(
      (parts) => ['text', 'tool_calls', 'error'].map((name) => [`${parts}.${name}`, PLAYED]),
    ),
  ),
  '#simAnswerParts.turns': PLAYED,
  '#simAnswerParts.likely': LIKELY,
  '#simAnswerParts.variants': PLAYED,
  '#simVariantParts.turns': PLAYED,
  '#simVariantParts.likely': LIKELY,
  '#simLikelyParts.turns': LIKELY,
  '#simLikelyParts.weight': LIKELY,
  '#simRunParts.turns': PLAYED,
  '#simCalls[].name': PLAYED,
  '#simCalls[].arguments': PLAYED,
  '#simError.status': PLAYED,
  '#simError.message': PLAYED,
  '#provider.echo':
    'transport: what is said back where an endpoint demands it (tests/worker/say-back.test.ts)',
  '#provider.auth': TALKED_TO,
  '#provider.query': TALKED_TO,
  '#provider.max_tokens_field': TALKED_TO,
  '#provider.stream': TALKED_TO,
  '#provider.on_status': TALKED_TO,
  '#provider.timeout': TALKED_TO,
  '#provider.proxy': TALKED_TO,
  '#provider.ca_file': TALKED_TO,
  '#provider.package': BY_PACKAGE,
  '#provider.create': BY_PACKAGE,
  '#provider.options': BY_PACKAGE,
  '#provider.allow': BY_PACKAGE,
  '#scorer.expect': 'a rule like contains',
  '#scorer.exact': 'a rule like contains',
  '#scorer.regex': 'a rule like contains',
  '#scorer.json': 'a rule like contains',
  '#scorer.tool_calls': 'a rule like contains',
  '#scorer.numeric': 'a rule like contains',
  '#scorer.clarify': 'a rule like contains',
  '#scorer.finish_reason': 'a rule like contains',
  '#scorer.refused': 'a rule like contains',
  '#scorer.precomputed':
    'a score that came with an answer, which no model is told (tests/e2e/precomputed.test.ts)',
  '#scorer.calibrate': 'what people say of answers, which no scorer is told (tests/e2e/calibrate.test.ts)',
  '#judge.pairwise':
    'which arm answers are held against: the answer itself is in the key (tests/planner/pairs.test.ts)',
  '#scorer.outcome': 'how tests end, which no model is told (tests/e2e/outcome.test.ts)',
  '#variant.proxy': RECORDED,
  '#pytest.proxy': RECORDED,
  '#proxy.replay': RECORDED,
  '#scorer.in_flight': 'as in_flight of a variant',
  'experiment.review': 'what people are asked of answers, and no model (tests/manifest/review.test.ts)',
  '#reviewLabel.value': 'as experiment.review',
  '#reviewLabel.anchor': 'as experiment.review',
  'experiment.until': 'how many runs are drawn, and of none what it is asked (tests/manifest/until.test.ts)',
  '#execution.budget_usd': 'money: nothing that a model or code sees',
  'experiment.prices': MONEY,
  'experiment.remote': SHARED,
  ...Object.fromEntries(
    [
      ...['url', 'push', 'timeout', 'endpoint', 'region', 'style', 'allow_http'],
      ...['access_key_env', 'secret_key_env', 'session_token_env', 'token_env', 'signature_key_env'],
    ].map((name) => [`#remote.${name}`, SHARED]),
  ),
  ...Object.fromEntries(
    ['input', 'cached_input', 'cache_write', 'cache_write_1h', 'output', 'batch', 'above'].map((name) => [
      `#price.${name}`,
      MONEY,
    ]),
  ),
  ...Object.fromEntries(
    ['version', 'note', 'date', 'source', 'sellers'].map((name) => [`#price-list.${name}`, MONEY]),
  ),
  '#execution.batch': 'how cells go; bodies and keys are those of calls (tests/e2e/batches.test.ts)',
  '#scorer.embedding': NEAR,
  ...Object.fromEntries(
    ['provider', 'model', 'reference', 'dimensions', 'params'].map((name) => [`#embedding.${name}`, NEAR]),
  ),
  '#langsmith': 'where traces go: nothing that a model or code sees',
};

/** Two edits at a time. Some cannot be made of what the other left; those are told apart by whoever makes them. */
export function pairs(random: () => number, count: number): readonly (readonly Mutation[])[] {
  const pick = (): Mutation => MUTATIONS[Math.floor(random() * MUTATIONS.length)]!;
  return Array.from({ length: count }, () => [pick(), pick()]);
}
