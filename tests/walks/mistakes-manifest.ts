// In experiment.yaml: its form, its words, its values.
import { type Mistake, manifest, SECRET } from './mistake.ts';

const of = (text: string | Uint8Array): { readonly 'experiment.yaml': string | Uint8Array } => ({
  'experiment.yaml': text,
});
const plan = { args: ['plan'] } as const;

export const IN_THE_MANIFEST: readonly Mistake[] = [
  {
    ...{ name: 'a key is misspelt', ...plan, files: of(manifest('temprature: 0.2\n')) },
    ...{ cause: /unknown key "temprature"/, todo: /did you mean "temperature"/ },
  },
  {
    ...{ name: 'a key stands where it does not belong', ...plan, files: of(manifest('concurrency: 3\n')) },
    ...{ cause: /unknown key "concurrency"/, todo: /it belongs under "execution:"/ },
  },
  {
    ...{ name: 'a number is written as a word', ...plan, files: of(manifest('max_turns: three\n')) },
    ...{ cause: /must be a whole number, not the text "three"/, todo: /help: / },
  },
  {
    ...{ name: 'a line is indented otherwise than its neighbours', ...plan },
    files: of(
      'version: 1\nname: demo\n runs: 3\nprovider: sim\nscenarios: [scenarios.yaml]\nvariants: { plain: {} }\n',
    ),
    ...{ cause: /experiment\.yaml:3:2 .*indented deeper/, todo: /begin it where/ },
  },
  {
    ...{ name: 'a tab stands where spaces belong', ...plan },
    files: of('version: 1\nname: demo\nprovider: sim\nscenarios: [scenarios.yaml]\nvariants:\n\tplain: {}\n'),
    ...{ cause: /tab/i, todo: /spaces/ },
  },
  {
    ...{ name: 'a quote is not closed', ...plan, files: of(manifest('system: "Be brief.\n')) },
    ...{ cause: /quote/, todo: /help: / },
  },
  {
    ...{ name: 'a brace begins a value', ...plan, files: of(manifest('template: {{input}}\n')) },
    ...{ cause: /\{\{input\}\} stands without quotes/, todo: /in quotes it is text/ },
  },
  {
    ...{ name: 'an anchor refers to itself', ...plan, files: of(manifest('params: &p { again: *p }\n')) },
    ...{ cause: /inside its own anchor &p/, todo: /help: / },
  },
  {
    ...{ name: 'a key is there twice', ...plan, files: of(manifest('runs: 3\n')) },
    ...{ cause: /"runs" is twice/, todo: /the first is here|help: / },
  },
  {
    ...{ name: 'the manifest is empty', ...plan, files: of('') },
    ...{ cause: /the manifest is empty/, todo: /expgraph init/ },
  },
  {
    ...{
      name: 'the manifest is UTF-16',
      ...plan,
      files: of(Buffer.from(`\ufeff${manifest('')}`, 'utf16le')),
    },
    ...{ cause: /UTF-16/, todo: /UTF-8/ },
  },
  {
    ...{ name: 'a mistake in a file with a byte order mark and Windows line ends', ...plan },
    ...{ files: of(`\ufeff${manifest('tempature: 1\n')}`.replaceAll('\n', '\r\n')) },
    ...{ cause: /unknown key "tempature"/, todo: /did you mean "temperature"/ },
  },
  {
    ...{
      name: "promptfoo's config is given as the manifest",
      args: ['plan', '-f', 'promptfooconfig.yaml'],
    },
    files: {
      'promptfooconfig.yaml':
        'description: Tweets\nprompts: [file://prompts/tweet.txt]\nproviders: [openai:gpt-4o-mini]\ntests:\n  - vars: { topic: bananas }\n',
    },
    ...{ cause: /promptfoo/, todo: /expgraph init/ },
  },
  {
    ...{ name: 'a task of Inspect is given as the manifest', args: ['plan', '-f', 'task.py'] },
    files: {
      'task.py': 'from inspect_ai import Task, task\n\n@task\ndef greet():\n    return Task(dataset=[])\n',
    },
    ...{ cause: /task\.py/, todo: /expgraph init/ },
  },
  {
    ...{ name: 'there is no manifest', args: ['run'], files: { 'experiment.yaml': null } },
    ...{ cause: /experiment\.yaml/, todo: /expgraph init/ },
  },
  {
    ...{
      name: 'a provider is not known',
      ...plan,
      files: of(manifest('', '  plain: { provider: opnai }\n')),
    },
    ...{ cause: /there is no provider "opnai"/, todo: /did you mean "openai"/ },
  },
  {
    ...{
      name: 'a variant has no model',
      ...plan,
      files: of(manifest('', '  plain: { provider: openai }\n')),
    },
    ...{ cause: /has no model/, todo: /write "model:"/ },
  },
  {
    ...{ name: 'a price is not known, and there is a budget', ...plan },
    files: of(
      manifest('execution: { budget_usd: 1 }\n', '  plain: { provider: openai, model: gpt-unheard-of }\n'),
    ),
    ...{ cause: /price/, todo: /pricing/ },
  },
  {
    ...{ name: 'a key stands in the manifest', ...plan },
    files: of(manifest(`providers: { mine: { type: openai, api_key: ${SECRET} } }\n`)),
    ...{ cause: /keys and passwords never stand in a manifest/, todo: /api_key_env: OPENAI_API_KEY/ },
  },
  {
    ...{ name: 'a key stands in a header', args: ['plan'] },
    files: of(
      manifest(
        `providers: { mine: { type: openai, model: m, headers: { authorization: Bearer ${SECRET} } } }\n`,
      ),
    ),
    ...{ cause: /looks like a key stands in "authorization"/, todo: /help: / },
  },
  {
    ...{ name: 'a variable of the environment is not set', ...plan },
    files: of(manifest('providers: { mine: { type: openai, model: m, base_url: "${MY_GATEWAY}/v1" } }\n')),
    ...{ cause: /MY_GATEWAY is not set/, todo: /export MY_GATEWAY/ },
  },
  {
    ...{ name: 'a path is taken for text', args: ['plan'] },
    files: { ...of(manifest('system: prompts/tweet.txt\n')), 'prompts/tweet.txt': 'Write a tweet.\n' },
    ...{ cause: /is sent as these words, and names a file/, todo: /help: / },
  },
  {
    ...{
      name: 'a prompt lies elsewhere',
      ...plan,
      files: of(manifest('system: { file: prompts/twet.txt }\n')),
    },
    ...{ cause: /prompts\/twet\.txt does not exist/, todo: /help: / },
  },
  {
    ...{ name: 'a placeholder is misspelt', ...plan, files: of(manifest('template: "Q: {{inptu}}"\n')) },
    ...{ cause: /unknown placeholder \{\{inptu\}\}/, todo: /did you mean \{\{input\}\}/ },
  },
  {
    ...{ name: 'a placeholder is written as promptfoo writes it', ...plan },
    files: of(manifest('system: "Write to {{ name }}."\n')),
    ...{ cause: /unknown placeholder \{\{ name \}\}/, todo: /did you mean \{\{vars\.name\}\}/ },
  },
  {
    ...{
      name: 'a variable is not in the scenarios',
      ...plan,
      files: of(manifest('template: "{{vars.question}}"\n')),
    },
    ...{ cause: /has no variable "question"/, todo: /add it under "vars:"/ },
  },
  {
    ...{ name: 'a message of a prompt has a role that nobody knows', ...plan },
    files: of(manifest('template: [{ role: usr, content: "{{input}}" }]\n')),
    ...{ cause: /"role" must be one of/, todo: /did you mean "user"/ },
  },
  {
    ...{ name: 'a tool has a type that JSON Schema does not have', ...plan },
    files: {
      ...of(manifest('tools: tools.yaml\n')),
      'tools.yaml': '- name: book\n  parameters: { type: objekt, properties: { title: { type: string } } }\n',
    },
    ...{ cause: /"objekt" is no type of JSON Schema/, todo: /did you mean "object"/ },
  },
  {
    ...{ name: 'an axis of a matrix is misspelt', ...plan },
    files: of(manifest('', '  plain: { matrix: { temprature: [0, 1] } }\n')),
    ...{ cause: /unknown key "temprature"/, todo: /did you mean "temperature"/ },
  },
  {
    ...{ name: 'a scorer is misspelt', ...plan, files: of(manifest('scorers: [contians]\n')) },
    ...{ cause: /contians/, todo: /did you mean|help: / },
  },
  {
    ...{ name: 'a judge does not see the answer', ...plan },
    files: of(manifest('scorers: [{ judge: { prompt: "Is {{input}} answered?", rubric: yes it is } }]\n')),
    ...{ cause: /would not see the answer/, todo: /put \{\{output\}\}/ },
  },
];
