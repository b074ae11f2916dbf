// What stands where text is meant, and is none, or is none of ours: paths, placeholders of others, chat messages, keys.
import { describe, expect, it } from 'vitest';
import { experiment, type Files, load, manifestOf } from './folder.ts';

const PROMPTS = { 'prompts/tweet.txt': 'Write a tweet.', 'docs/a.md': '# A' };
const SCENARIO = '- { id: a, input: hello, vars: { persona: a nurse } }\n';

async function warned(lines: string, files: { readonly [name: string]: string } = {}): Promise<string> {
  const { manifest, printed } = await load({ ...experiment(lines), ...PROMPTS, ...files });
  expect(manifest).not.toBeNull();
  return printed;
}

describe('a path where text is meant', () => {
  it('is a warning with the right form', async () => {
    expect(await warned('system: prompts/tweet.txt\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:9 warning: "prompts/tweet.txt" is sent as these words, and names a file
       5 | system: prompts/tweet.txt
         |         ^^^^^^^^^^^^^^^^^
         help: to send what a file holds: { file: prompts/tweet.txt }
      "
    `);
  });
  it.each([
    ['template: "file://prompts/tweet.txt"\n', 'and names a file', '{ file: prompts/tweet.txt }'],
    ['system: "@prompts/tweet.txt"\n', 'and names a file', '{ file: prompts/tweet.txt }'],
    ['system: ./prompts/tweet.txt\n', 'and names a file', '{ file: ./prompts/tweet.txt }'],
    ['system: prompts/twet.txt\n', 'looks like the path of a file, which is not there', '{ file: '],
    ['system: file://nowhere\n', 'looks like the path of a file, which is not there', '{ file: nowhere }'],
    ['system: system.j2\n', 'looks like the path of a file, which is not there', '{ file: system.j2 }'],
    ['tools: [{ name: f, description: docs/a.md }]\n', 'and names a file', 'the text itself'],
    ['template: [{ role: user, content: prompts/tweet.txt }]\n', 'and names a file', '{ file: prompt.json }'],
    [
      'scorers: [{ judge: { rubric: prompts/tweet.txt } }]\n',
      'and names a file',
      '{ file: prompts/tweet.txt }',
    ],
  ])('is one wherever text is sent: %s', async (lines, ...words) => {
    const printed = await warned(lines);
    for (const word of words) expect(printed).toContain(word);
  });
  it.each([
    'Read a.b and say what it is.',
    'node.js',
    'either/or',
    'Use and/or.',
    'Hello.',
    '@everyone',
    '{{input}}',
  ])('is not suspected in %s', async (text) => {
    expect(await warned(`template: ${JSON.stringify(text)}\n`)).toBe('\n');
  });
  it('is said once of many scenarios, and nothing is read because data name it', async () => {
    const rows = Array.from(
      { length: 30 },
      (_, i) => `{"id":"s${i}","input":"docs/a.md","vars":{"x":"file://docs/a.md"}}`,
    );
    const { manifest, printed } = await load({
      ...experiment(''),
      ...PROMPTS,
      'experiment.yaml': 'version: 1\nname: x\nprovider: sim\nscenarios: [s.jsonl]\nvariants: { a: {} }\n',
      's.jsonl': rows.join('\n'),
    });
    expect(manifest!.scenarios[0]!.input).toBe('docs/a.md');
    expect(printed.match(/and 29 more like it/g)).toHaveLength(2);
  });
  it('is read where the form is right', async () => {
    const { variants } = await manifestOf({
      ...experiment('system: { file: prompts/tweet.txt }\n'),
      ...PROMPTS,
    });
    expect(variants[0]!.system).toBe('Write a tweet.');
  });
});

describe('a prompt of messages', () => {
  const CHAT =
    '[{"role": "system", "content": "Be {{vars.persona}}."}, {"role": "user", "content": "> {{input}}"}]';
  const forms: readonly (readonly [string, string, { readonly [name: string]: string }])[] = [
    ['in the manifest', `template: ${CHAT}\n`, {}],
    ['in a file of JSON', 'template: { file: p.json }\n', { 'p.json': CHAT }],
    [
      'in a file of YAML',
      'template: { file: p.yaml }\n',
      {
        'p.yaml': `# A prompt.\n- role: system\n  content: Be {{vars.persona}}.\n- role: user\n  content: "> {{input}}"\n`,
      },
    ],
    ['as system and text', 'system: "Be {{vars.persona}}."\ntemplate: "> {{input}}"\n', {}],
  ];
  it.each(forms)('is the same %s', async (_, lines, files) => {
    const { variants } = await manifestOf({ ...experiment(lines), 's.yaml': SCENARIO, ...files });
    expect(variants[0]).toMatchObject({ system: 'Be {{vars.persona}}.', template: '> {{input}}' });
  });
  it('stays a list where it says more', async () => {
    const lines =
      'template: [{ role: user, content: a }, { role: assistant, content: b }, { role: user, content: "{{input}}" }]\n';
    expect((await manifestOf(experiment(lines))).variants[0]!.template).toHaveLength(3);
  });
  it('has a system of its own beside the experiment’s only where that is meant', async () => {
    const chat = `template: [{ role: system, content: B }, { role: user, content: "{{input}}" }]`;
    expect(await warned(`system: A\n${chat}\n`)).toContain('two system messages are sent');
    const files = { ...experiment('system: A\n'), 's.yaml': SCENARIO };
    const own = String((files as Files)['experiment.yaml']).replace(
      'one: {}',
      `one: { system: null, ${chat} }`,
    );
    expect((await manifestOf({ ...files, 'experiment.yaml': own })).variants[0]!.system).toBe('B');
  });
  it('is no message where a role or a content is wrong, in the file where it stands', async () => {
    const { printed } = await load({
      ...experiment('template: { file: p.json }\n'),
      'p.json': '[\n  {"role": "usr", "content": "{{input}}"},\n  {"role": "user"}\n]\n',
    });
    expect(printed).toMatchInlineSnapshot(`
      "
      p.json:2:12 error: "role" must be one of system, developer, user, assistant, tool, not the text "usr"
       2 |   {"role": "usr", "content": "{{input}}"},
         |            ^^^^^
         help: did you mean "user"?

      p.json:3:3 error: "content" is missing
       3 |   {"role": "user"}
         |   ^^^^^^^^^^^^^^^^
      "
    `);
  });
  it('is told where a conversation has no place in it', async () => {
    const files = {
      ...experiment('system: "{{input}}"\n'),
      's.yaml': '- { id: a, input: [{ role: user, content: hi }] }\n',
    };
    expect((await load(files)).printed).toContain(
      'the system prompt of "one" reads {{input}}, which is text',
    );
  });
  it('stays the text that it is in a file of another form', async () => {
    const { variants } = await manifestOf({
      ...experiment('template: { file: p.json }\n'),
      'p.json': '{"q": "{{input}}"}',
    });
    expect(variants[0]!.template).toBe('{"q": "{{input}}"}');
  });
});

describe('a placeholder', () => {
  it('means in a system prompt what it means in a template, and is a mistake where it means nothing', async () => {
    const { printed } = await load({
      ...experiment('system: "{{inptu}} {{ persona }} {{ question }} {{ persona | upper }} {{!kept}}"\n'),
      's.yaml': SCENARIO,
    });
    expect(printed).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:10 error: unknown placeholder {{inptu}}
       5 | system: "{{inptu}} {{ persona }} {{ question }} {{ persona | upper }} {{!kept}}"
         |          ^^^^^^^^^
         help: did you mean {{input}}?

      experiment.yaml:5:20 error: unknown placeholder {{ persona }}
       5 | system: "{{inptu}} {{ persona }} {{ question }} {{ persona | upper }} {{!kept}}"
         |                    ^^^^^^^^^^^^^
         help: did you mean {{vars.persona}}?

      experiment.yaml:5:34 error: unknown placeholder {{ question }}
       5 | system: "{{inptu}} {{ persona }} {{ question }} {{ persona | upper }} {{!kept}}"
         |                                  ^^^^^^^^^^^^^^
         help: a variable of the scenarios is {{vars.question}}; to send braces as they are, write {{!question}}

      experiment.yaml:5:49 error: unknown placeholder {{ persona | upper }}
       5 | system: "{{inptu}} {{ persona }} {{ question }} {{ persona | upper }} {{!kept}}"
         |                                                 ^^^^^^^^^^^^^^^^^^^^^
         help: did you mean {{vars.persona}}?
      "
    `);
  });
  it('of a system prompt is missed in each scenario that has it not', async () => {
    const { printed } = await load(experiment('system: "{{vars.persona}}"\n'));
    expect(printed).toContain(
      'has no variable "persona", which the system prompt of "one" reads ({{vars.persona}})',
    );
  });
  it('is handed to own code as it stands, which is said', async () => {
    const { manifest, printed } = await load({
      ...experiment('system: "{{vars.persona}} {{mine}}"\n'),
      'experiment.yaml':
        'version: 1\nname: x\nprovider: sim\nscenarios: [s.yaml]\nsystem: "{{vars.persona}} {{mine}}"\nvariants: { a: { command: [cat] } }\n',
    });
    expect(manifest!.variants[0]!.system).toBe('{{vars.persona}} {{mine}}');
    expect(printed).toContain('{{vars.persona}} is handed on as it stands');
    expect(printed).not.toContain('{{mine}} is');
  });
  it('of a judge’s system prompt is a mistake where it means nothing', async () => {
    const { printed } = await load(
      experiment('scorers: [{ judge: { system: "{{outptu}}", rubric: "Is {{input}} answered?" } }]\n'),
    );
    expect(printed).toContain('did you mean {{output}}?');
    expect(printed).toContain('{{input}} is told as it stands: a rubric is not filled');
  });
  it('that is a block of another language is a warning', async () => {
    expect(await warned('template: "{% if x %}{{input}}{% endif %}"\n')).toContain(
      '{% if x %} is sent as it stands',
    );
  });
});

describe('a key in the manifest', () => {
  const KEY = 'sk-proj-4fTq9Zr1LmXw8Yb2';
  it('is masked where its line is shown, and is said to be in the wrong place', async () => {
    const lines = `providers:\n  p: { type: openai, api_key: ${KEY}, model: m }\n`;
    const { manifest, printed } = await load(experiment(lines));
    expect(manifest).toBeNull();
    expect(printed).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:22 error: unknown key "api_key": keys and passwords never stand in a manifest
       6 |   p: { type: openai, api_key: ************************, model: m }
         |                      ^^^^^^^
         help: put it into an environment variable, and write that name here: api_key_env: OPENAI_API_KEY
      "
    `);
  });
  it.each([
    [
      `providers: { p: { type: openai, model: m, headers: { authorization: "Bearer ${KEY}" } } }\n`,
      'read it here: "${MY_KEY}"',
    ],
    [`params: { api_key: ${KEY} }\n`, 'api_key_env'],
    [`params: { user: ${KEY} }\n`, 'api_key_env'],
  ])('is taken out of everything that is written, and is warned of: %s', async (lines, hint) => {
    const { manifest, printed } = await load(experiment(lines));
    expect(manifest!.secrets.map(({ value }) => value)).toEqual([KEY]);
    expect(printed).toContain('warning: what looks like a key stands in');
    expect(printed).toContain(hint);
    expect(printed).not.toContain(KEY);
  });
  it('of a prompt stays what it is, and that it is kept is said', async () => {
    const { manifest, printed } = await load(experiment(`system: "Guard ${KEY}."\n`));
    expect([manifest!.secrets, manifest!.variants[0]!.system]).toEqual([[], `Guard ${KEY}.`]);
    expect(printed).toContain('it is sent, and written to the history as it stands');
  });
  it('is no variable’s name and no reference', async () => {
    const lines =
      'providers: { p: { type: openai, model: m, api_key_env: MY_KEY, headers: { x-api-key: "${OTHER}" } } }\n';
    const { manifest, printed } = await load(experiment(lines), { OTHER: 'value' });
    expect([manifest === null, printed]).toEqual([false, '\n']);
  });
});

describe('parameters of a tool', () => {
  const TOOLS = `- name: book
  parameters:
    type: objekt
    properties:
      title: { type: str }
      when: string
      many: { type: [integer, "nul"], minimum: "1" }
    required: title
`;
  it('that are no JSON Schema are mistakes, each at its place in the file of tools', async () => {
    const { manifest, printed } = await load({ ...experiment('tools: tools.yaml\n'), 'tools.yaml': TOOLS });
    expect(manifest).toBeNull();
    expect(printed).toMatchInlineSnapshot(`
      "
      tools.yaml:3:11 error: "objekt" is no type of JSON Schema (in the tool "book")
       3 |     type: objekt
         |           ^^^^^^
         help: did you mean "object"?

      tools.yaml:5:22 error: "str" is no type of JSON Schema (in the tool "book")
       5 |       title: { type: str }
         |                      ^^^
         help: did you mean "string"?

      tools.yaml:6:13 error: a schema is a map, not "string" (in the tool "book")
       6 |       when: string
         |             ^^^^^^
         help: write { type: string }

      tools.yaml:7:31 error: "nul" is no type of JSON Schema (in the tool "book")
       7 |       many: { type: [integer, "nul"], minimum: "1" }
         |                               ^^^^^
         help: did you mean "null"?

      tools.yaml:7:48 error: "minimum" must be a number, not "1" (in the tool "book")
       7 |       many: { type: [integer, "nul"], minimum: "1" }
         |                                                ^^^

      tools.yaml:8:15 error: "required" must be a list of names, not "title" (in the tool "book")
       8 |     required: title
         |               ^^^^^
         help: it stands beside "properties": required: [title, start]
      "
    `);
  });
  it.each([
    ['inline', 'tools: [{ name: f, parameters: { type: objekt } }]\n', {}],
    [
      'of a scenario',
      '',
      { 's.yaml': '- { id: a, input: hi, tools: [{ name: f, parameters: { type: objekt } }] }\n' },
    ],
    [
      'of a scenario, in a file',
      '',
      {
        's.yaml': '- { id: a, input: hi, tools: t.json }\n',
        't.json': '[{"name": "f", "parameters": {"type": "objekt"}}]',
      },
    ],
    ['of an answer', 'scorers: [{ json: { schema: { type: objekt } } }]\n', {}],
  ])('are looked at %s', async (_, lines, files: Files) => {
    const { manifest, printed } = await load({ ...experiment(lines), ...files });
    expect(manifest).toBeNull();
    expect(printed).toMatch(/objekt/);
  });
  it('are an object', async () => {
    const { printed } = await load(experiment('tools: [{ name: f, parameters: { type: string } }]\n'));
    expect(printed).toContain('the arguments of a tool are an object, not "string"');
  });
  it('may be of any draft, and say what no draft knows', async () => {
    const schema = {
      ...{ type: ['object', 'null'], nullable: true, 'x-order': ['a'], $defs: { d: true } },
      properties: {
        a: { $ref: '#/$defs/d', exclusiveMinimum: true, minimum: 1, examples: [1] },
        b: { type: 'array', items: [{ type: 'string' }], prefixItems: [{}], default: null },
        type: { type: 'string', enum: ['objekt'], const: 'type' },
        properties: { anyOf: [{ type: 'null' }, { not: {} }] },
      },
      ...{ required: ['a'], additionalProperties: false },
    };
    const { manifest, printed } = await load(
      experiment(`tools: [{ name: f, parameters: ${JSON.stringify(schema)} }]\n`),
    );
    expect([manifest === null, printed]).toEqual([false, '\n']);
  });
});
