// The form of an answer, as it is written: inline, from a file, for all variants, for one, in a matrix; and what is wrong with it.
import { expect, it } from 'vitest';
import { differencesOf } from '../../src/variants/differences.ts';
import { experiment, load, manifestOf } from './folder.ts';

const SCHEMA = '{ type: object, properties: { answer: { type: string } }, required: [answer] }';
const READ = { type: 'object', properties: { answer: { type: 'string' } }, required: ['answer'] };

it('is the same inline and from a file, with a name that nobody has to give', async () => {
  const inline = await manifestOf(experiment(`response_format: { schema: ${SCHEMA} }\n`));
  const filed = await manifestOf({
    ...experiment('response_format: { schema: forms/answer.yaml }\n'),
    'forms/answer.yaml': SCHEMA,
  });
  const format = { kind: 'schema', name: 'answer', description: null, schema: READ, strict: null };
  expect(inline.variants[0]!.responseFormat).toEqual(format);
  expect(filed.variants[0]!.responseFormat).toEqual(format);
  expect(filed.sources.some((file) => file.endsWith('forms/answer.yaml'))).toBe(true);
  expect((inline.printable.variants as readonly object[])[0]).toMatchObject({
    response_format: { name: 'answer', schema: READ },
  });
});

it('is any JSON, or text where a variant says null, or each of a matrix', async () => {
  const { variants } = await manifestOf(
    experiment(
      'response_format: json\n',
      `  two: { response_format: null }\n  three: { matrix: { response_format: [json, { schema: ${SCHEMA}, name: form, strict: true }] } }\n`,
    ),
  );
  expect(variants.map(({ name, responseFormat }) => [name, responseFormat?.kind ?? null])).toEqual([
    ['one', 'json'],
    ['two', null],
    ['three[response_format=json]', 'json'],
    ['three[response_format=1]', 'schema'],
  ]);
  const [one, two] = variants;
  expect(differencesOf({ from: one!, to: two!, providers: {} })).toEqual([
    { path: 'response_format', from: 'json', to: undefined },
  ]);
});

it('is said once: what params say in the words of a wire is a mistake', async () => {
  const { printed } = await load(
    experiment(
      'response_format: json\n',
      '  two: { params: { response_format: { type: json_object } } }\n  three: { params: { text: { format: { type: text } } } }\n  four: { response_format: null, params: { response_format: { type: json_object } } }\n',
    ),
  );
  expect(printed).toMatchInlineSnapshot(`
    "
    experiment.yaml:8:20 error: "response_format" in params: the field "response_format" says it already
     8 |   two: { params: { response_format: { type: json_object } } }
       |                    ^^^^^^^^^^^^^^^
       help: leave one of the two out; the field is right for every provider

    experiment.yaml:9:30 error: "text.format" in params: the field "response_format" says it already
     9 |   three: { params: { text: { format: { type: text } } } }
       |                              ^^^^^^
       help: leave one of the two out; the field is right for every provider
    "
  `);
});

it('is an object with a schema that says what it is', async () => {
  const { printed } = await load({
    ...experiment(
      'response_format: { schema: { type: list } }\n',
      '  two: { response_format: { schema: { type: array } } }\n  three: { response_format: { schema: a.json } }\n  four: { response_format: { schema: none.json } }\n',
    ),
    'a.json': '[1]',
  });
  expect(printed).toMatchInlineSnapshot(`
    "
    experiment.yaml:5:36 error: "list" is no type of JSON Schema
     5 | response_format: { schema: { type: list } }
       |                                    ^^^^
       help: did you mean "array"?

    experiment.yaml:8:45 error: an answer of a form is an object, not "array"
     8 |   two: { response_format: { schema: { type: array } } }
       |                                             ^^^^^
       help: schema: { type: object, properties: { ... } }; a list goes into a property of it

    experiment.yaml:10:38 error: none.json does not exist
     10 |   four: { response_format: { schema: none.json } }
        |                                      ^^^^^^^^^
        help: paths are relative to the manifest's folder

    a.json:1:1 error: a file with a JSON Schema holds one map
     1 | [1]
       | ^^^
       help: for example: { type: object, properties: { answer: { type: string } }, required: [answer] }
    "
  `);
});
