// Entries go into a YAML text and out of it; what else is written there stays to the character.
import { expect, it } from 'vitest';
import { entriesAt } from '../../src/manifest/documents/parse.ts';
import { spliced } from '../../src/manifest/documents/yaml-splice.ts';

function edit(
  text: string,
  path: readonly string[],
  removed: readonly number[],
  added: readonly string[],
): string {
  return spliced(text, entriesAt(text, path)!, { removed: new Set(removed), added });
}

const LIST = `# head
- {"id": "a",   "input": "x"}   # mine
# about b
- id: b
  input: |
    text

    more
- {"id": "c"}

# tail
`;

it('takes one out of a list and adds another behind the last', () => {
  expect(edit(LIST, [], [1], ['{"id":"d"}'])).toBe(
    '# head\n- {"id": "a",   "input": "x"}   # mine\n# about b\n- {"id": "c"}\n- {"id":"d"}\n\n# tail\n',
  );
});

it('takes the first and the last out', () => {
  expect(edit(LIST, [], [0, 2], ['{"id":"d"}'])).toBe(
    '# head\n# about b\n- id: b\n  input: |\n    text\n\n    more\n- {"id":"d"}\n\n# tail\n',
  );
});

it('edits the members of a map, however deep they go', () => {
  const text =
    'variants:\n    a: {}   # keep\n\n    # of b\n    b:\n        params: { x: 1 }\n    c:\nruns: 3\n';
  expect(edit(text, ['variants'], [1], ['d: {}'])).toBe(
    'variants:\n    a: {}   # keep\n\n    # of b\n    c:\n    d: {}\nruns: 3\n',
  );
});

it('edits what is written on one line', () => {
  expect(edit('variants: { a: {}, b: {} }  # c\nruns: 1', ['variants'], [0], ['n: {}'])).toBe(
    'variants: { b: {}, n: {} }  # c\nruns: 1',
  );
});

it('keeps a text as it is where nothing changes', () => {
  expect(edit(LIST, [], [], [])).toBe(LIST);
});

it('ends a last line that had no end', () => {
  expect(edit('variants:\n  a: {}\n  b: {}', ['variants'], [], ['c: {}'])).toBe(
    'variants:\n  a: {}\n  b: {}\n  c: {}\n',
  );
});

it('finds nothing where there is no collection', () => {
  expect(entriesAt('variants: 3\n', ['variants'])).toBeNull();
  expect(entriesAt('other: {}\n', ['variants'])).toBeNull();
});
