// What people write wrongly in experiment.yaml, and the whole text that they are shown for it.
import { describe, expect, it } from 'vitest';
import { experiment, load } from './folder.ts';

async function printed(lines: string, more = ''): Promise<string> {
  const { manifest, printed: text } = await load(experiment(lines, more));
  expect(manifest).toBeNull();
  return text;
}

describe('a mistake in experiment.yaml', () => {
  it('is a misspelt key', async () => {
    expect(await printed('temprature: 0.2\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:1 error: unknown key "temprature"
       5 | temprature: 0.2
         | ^^^^^^^^^^
         help: did you mean "temperature"?
      "
    `);
  });
  it('is a key that belongs elsewhere', async () => {
    expect(await printed('concurrency: 3\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:1 error: unknown key "concurrency"
       5 | concurrency: 3
         | ^^^^^^^^^^^
         help: it belongs under "execution:"
      "
    `);
  });
  it('is a value of the wrong type', async () => {
    expect(await printed('temperature: hot\nruns: "3"\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:14 error: "temperature" must be a number or null, not the text "hot"
       5 | temperature: hot
         |              ^^^
         help: for example: temperature: 0.2

      experiment.yaml:6:7 error: "runs" must be a whole number, not the text "3"
       6 | runs: "3"
         |       ^^^
         help: a number stands without quotes: 3
      "
    `);
  });
  it('is a value out of range', async () => {
    expect(
      await printed('temperature: 3\nruns: 0\nexecution: { budget_usd: 0, timeout: 25h }\n'),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:14 error: "temperature" must be at most 2, not 3
       5 | temperature: 3
         |              ^

      experiment.yaml:6:7 error: "runs" must be at least 1, not 0
       6 | runs: 0
         |       ^

      experiment.yaml:7:26 error: "budget_usd" must be greater than 0, not 0
       7 | execution: { budget_usd: 0, timeout: 25h }
         |                          ^

      experiment.yaml:7:38 error: "timeout" must be between 1ms and 24h, not 25h
       7 | execution: { budget_usd: 0, timeout: 25h }
         |                                      ^^^
      "
    `);
  });
  it('is a watch that nobody could want', async () => {
    expect(await printed('watch: { confirm_usd: -1, debounce: 2m }\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:23 error: "confirm_usd" must be at least 0, not -1
       5 | watch: { confirm_usd: -1, debounce: 2m }
         |                       ^^

      experiment.yaml:5:37 error: "debounce" must be between 1ms and 60s, not 2m
       5 | watch: { confirm_usd: -1, debounce: 2m }
         |                                     ^^
      "
    `);
  });
  it('is a missing section', async () => {
    expect((await load({ 'experiment.yaml': 'name: My Demo\n' })).printed).toMatchInlineSnapshot(`
      "
      experiment.yaml:1:1 error: "version" is missing
       1 | name: My Demo
         | ^^^^^^^^^^^^^
         help: add the line: version: 1

      experiment.yaml:1:1 error: "scenarios" is missing
       1 | name: My Demo
         | ^^^^^^^^^^^^^
         help: for example: scenarios: ["scenarios/**/*.yaml"]

      experiment.yaml:1:1 error: "variants" is missing
       1 | name: My Demo
         | ^^^^^^^^^^^^^
         help: for example: variants: { baseline: {} }

      experiment.yaml:1:7 error: "name" is the name of a folder: lower-case letters, digits, ".", "_" and "-", not the text "My Demo"
       1 | name: My Demo
         |       ^^^^^^^
         help: for example: my-demo
      "
    `);
  });
  it('is a variant with nothing behind its colon', async () => {
    expect(await printed('', '  two:\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:7:3 error: "two" must be a map, not empty (null)
       7 |   two:
         |   ^^^
         help: a map with nothing in it is {}
      "
    `);
  });
  it('is a provider that nobody declared', async () => {
    expect(await printed('', '  two: { provider: opnai }\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:7:20 error: there is no provider "opnai"
       7 |   two: { provider: opnai }
         |                    ^^^^^
         help: did you mean "openai"?
      "
    `);
  });
  it('is a provider without a model', async () => {
    expect(await printed('', '  two: { provider: openai }\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:7:3 error: the variant "two" has no model
       7 |   two: { provider: openai }
         |   ^^^
         help: write "model:" at the top level, in the variant, or under providers.openai
      "
    `);
  });
  it('is a key twice', async () => {
    expect(await printed('runs: 1\nruns: 2\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:1 error: "runs" is twice in this map
       6 | runs: 2
         | ^^^^
         experiment.yaml:5:1 note: the first is here
       5 | runs: 1
         | ^^^^
         help: leave one of them out
      "
    `);
  });
  it('is broken syntax', async () => {
    expect(await printed('system: "never closed\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:9 error: not valid YAML: the quote that opens here is never closed
       5 | system: "never closed
         |         ^
         help: close it, or write a text of several lines under "|"
      "
    `);
  });
  it('is a tab that indents', async () => {
    expect(await printed('execution:\n\tretries: 3\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:1 error: not valid YAML: a tab indents this line
       6 |     retries: 3
         | ^^^^
         help: indent with spaces
      "
    `);
  });
  it('is a tab between lines that blanks indent, and nothing else of its line', async () => {
    const told = await printed('execution:\n  timeout: 60s\n\tretries: 3\n  concurrency: 2\n');
    expect(told.match(/ error: /g)).toHaveLength(1);
    expect(told).toContain('experiment.yaml:7:1 error: not valid YAML: a tab indents this line');
  });
  it('is a quote that was forgotten far above, and that line is shown', async () => {
    const told = await printed('description: "never closed\nsystem: x\nsalt: "y"\n');
    expect(told).toMatch(
      /^ +experiment\.yaml:5:14 note: here a quote opens that is not closed on its line$/m,
    );
  });
  it('is a tools file that is not there', async () => {
    expect(await printed('tools: ./tools/nope.yaml\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:8 error: ./tools/nope.yaml does not exist
       5 | tools: ./tools/nope.yaml
         |        ^^^^^^^^^^^^^^^^^
         help: paths are relative to the manifest's folder
      "
    `);
  });
  it('is a pattern that matches nothing', async () => {
    const files = {
      ...experiment(''),
      'experiment.yaml':
        'version: 1\nname: demo\nprovider: sim\nscenarios: [s.yaml, drafts]\nvariants: { one: {} }\n',
    };
    expect((await load(files)).printed).toMatchInlineSnapshot(`
      "
      experiment.yaml:4:21 error: "drafts" matches no file
       4 | scenarios: [s.yaml, drafts]
         |                     ^^^^^^
         help: for all scenario files of a folder: "drafts/**/*.yaml"
      "
    `);
  });
  it('is a parameter that has a field of its own', async () => {
    expect(
      await printed('max_output_tokens: 10\nparams: { max_tokens: 5, n: 3, top_p: 1 }\n'),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:11 error: "max_tokens" in params: expgraph sets it
       6 | params: { max_tokens: 5, n: 3, top_p: 1 }
         |           ^^^^^^^^^^
         help: use the field "max_output_tokens" (null there allows a name of your own here)

      experiment.yaml:6:26 error: "n" in params: expgraph sets it
       6 | params: { max_tokens: 5, n: 3, top_p: 1 }
         |                          ^
         help: use the field "runs": each draw is a record of its own
      "
    `);
  });
  it('is a misspelt placeholder', async () => {
    expect(await printed('template: "Now: {{inputt}}"\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:17 error: unknown placeholder {{inputt}}
       5 | template: "Now: {{inputt}}"
         |                 ^^^^^^^^^^
         help: did you mean {{input}}?
      "
    `);
  });
  it('is an environment variable that is not set', async () => {
    expect(
      await printed('providers:\n  mine: { type: openai, base_url: "${MY_URL}/v1" }\n'),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:36 error: the environment variable MY_URL is not set
       6 |   mine: { type: openai, base_url: "\${MY_URL}/v1" }
         |                                    ^^^^^^^^^
         help: set it: export MY_URL=...
      "
    `);
  });
  it('is a key pasted where its variable is named, which is then not printed', async () => {
    const text = await printed('providers:\n  mine: { type: openai, api_key_env: sk-4242-secret }\n');
    expect(text).not.toContain('4242');
    expect(text).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:38 error: "api_key_env" is the name of an environment variable, never a key
       6 |   mine: { type: openai, api_key_env: ************** }
         |                                      ^^^^^^^^^^^^^^
         help: put the key into an environment variable and write its name here: api_key_env: OPENAI_API_KEY
      "
    `);
  });
  it('is a budget without a price', async () => {
    expect(
      await printed('execution: { budget_usd: 5 }\n', '  two: { provider: openai, model: gpt-x }\n'),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:26 error: a budget needs prices: that of the model "gpt-x" at "openai" is not known
       5 | execution: { budget_usd: 5 }
         |                          ^
         help: add under providers.openai.pricing: "gpt-x": { input: ..., output: ... }   (USD per million tokens)
      "
    `);
  });
  it('is two names that make one file', async () => {
    expect(await printed('', '  ONE: {}\n')).toMatchInlineSnapshot(`
      "
      experiment.yaml:7:3 error: the variants "one" and "ONE" would share the files one_run1.jsonl
       7 |   ONE: {}
         |   ^^^
         experiment.yaml:6:3 note: the first is here
       6 |   one: {}
         |   ^^^
         help: rename one of them
      "
    `);
  });
  it('is a wrong value inside a matrix', async () => {
    expect(
      await printed('', '  two: { matrix: { temperature: [0, warm], runs: [1] } }\n'),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:7:37 error: "temperature" must be a number or null, not the text "warm"
       7 |   two: { matrix: { temperature: [0, warm], runs: [1] } }
         |                                     ^^^^
         help: for example: temperature: 0.2

      experiment.yaml:7:44 error: unknown key "runs"
       7 |   two: { matrix: { temperature: [0, warm], runs: [1] } }
         |                                            ^^^^
         help: known here: provider, model, temperature, max_output_tokens, params, system, template, tools, response_format, max_turns, salt
      "
    `);
  });
  it('is a setting of tracing', async () => {
    const tracing =
      'tracing:\n  langsmith: { projct: x, sampling: 2, inputs: some, redact: ["[", "a*", { pattern: "b(" }] }\n  langfuse: {}\n';
    expect(await printed(tracing)).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:16 error: unknown key "projct"
       6 |   langsmith: { projct: x, sampling: 2, inputs: some, redact: ["[", "a*", { pattern: "b("…
         |                ^^^^^^
         help: did you mean "project"?

      experiment.yaml:6:37 error: "sampling" must be at most 1, not 2
       6 | …smith: { projct: x, sampling: 2, inputs: some, redact: ["[", "a*", { pattern: "b(" }] }
         |                                ^

      experiment.yaml:6:48 error: "inputs" must be one of full, hash, none, not the text "some"
       6 | …ojct: x, sampling: 2, inputs: some, redact: ["[", "a*", { pattern: "b(" }] }
         |                                ^^^^

      experiment.yaml:7:3 error: unknown key "langfuse"
       7 |   langfuse: {}
         |   ^^^^^^^^
         help: known here: langsmith
      "
    `);
  });
  it('is a rule of redaction', async () => {
    const tracing = 'tracing: { langsmith: { redact: ["[", "a*", { pattern: "b(" }, "fine"] } }\n';
    expect(await printed(tracing)).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:34 error: not a regular expression: Invalid regular expression: /[/gu: Unterminated character class
       5 | tracing: { langsmith: { redact: ["[", "a*", { pattern: "b(" }, "fine"] } }
         |                                  ^^^
         help: JavaScript syntax with the flag u, without slashes

      experiment.yaml:5:39 error: the rule "a*" matches empty text, so it would match everywhere
       5 | tracing: { langsmith: { redact: ["[", "a*", { pattern: "b(" }, "fine"] } }
         |                                       ^^^^

      experiment.yaml:5:56 error: not a regular expression: Invalid regular expression: /b(/gu: Unterminated group
       5 | tracing: { langsmith: { redact: ["[", "a*", { pattern: "b(" }, "fine"] } }
         |                                                        ^^^^
         help: JavaScript syntax with the flag u, without slashes
      "
    `);
  });
  it('is an address that is none', async () => {
    expect(
      await printed('providers:\n  mine: { type: openai, base_url: "localhost:11434" }\n'),
    ).toMatchInlineSnapshot(`
      "
      experiment.yaml:6:35 error: "base_url" is no http(s) address
       6 |   mine: { type: openai, base_url: "localhost:11434" }
         |                                   ^^^^^^^^^^^^^^^^^
         help: for example: base_url: http://127.0.0.1:11434/v1
      "
    `);
  });
});

describe('all mistakes', () => {
  it('are reported at once, over all files', async () => {
    const { diagnostics } = await load({
      ...experiment('tools: t.json\nrunz: 3\ntemperature: []\n'),
      's.yaml': '- { id: a, input: 5 }\n- { id: b, tagz: [] }\n',
      't.json': '[{"name": "x"}, {"name": "x"}]',
    });
    expect(
      diagnostics.map(({ code, location }) => [code, location?.file.split('/').at(-1), location?.line]),
    ).toEqual([
      ['unknown-key', 'experiment.yaml', 6],
      ['wrong-type', 'experiment.yaml', 7],
      ['duplicate-tool', 't.json', 1],
      ['wrong-type', 's.yaml', 1],
      ['unknown-key', 's.yaml', 2],
    ]);
  });
  it('are counted, not listed, after fifty in a file', async () => {
    const keys = Array.from({ length: 70 }, (_, i) => `key${i}: 1\n`).join('');
    const { diagnostics } = await load(experiment(keys));
    expect(diagnostics).toHaveLength(51);
    expect(diagnostics.at(-1)?.message).toBe('and 20 more in this file');
  });
  it('do not hide behind a wrong setting of the same variant', async () => {
    const { diagnostics } = await load(
      experiment('', '  two: { provider: 5, model: [], temperature: -1, tools: missing.yaml }\n'),
    );
    expect(diagnostics.map(({ code }) => code).sort()).toEqual([
      'not-found',
      'out-of-range',
      'wrong-type',
      'wrong-type',
    ]);
  });
});

describe('a warning', () => {
  it('is given for a reference to the environment outside of providers, and the text stays', async () => {
    const { manifest, printed: text } = await load(experiment('system: "Hello ${USER_NAME}"\n'), {
      USER_NAME: 'Ada',
    });
    expect(manifest?.variants[0]?.system).toBe('Hello ${USER_NAME}');
    expect(text).toMatchInlineSnapshot(`
      "
      experiment.yaml:5:16 warning: \${USER_NAME} is not replaced here: the environment is read in providers only
       5 | system: "Hello \${USER_NAME}"
         |                ^^^^^^^^^^^^
      "
    `);
  });
  it('is given once for a model name that moves', async () => {
    const { manifest, diagnostics } = await load(experiment('model: small-latest\n', '  two: {}\n'));
    expect(manifest).not.toBeNull();
    expect(diagnostics.map(({ code, severity }) => [code, severity])).toEqual([
      ['floating-model', 'warning'],
    ]);
  });
});
