// Rows for files that are named after a variant: whose keys an edit of one moves.
import { HARNESS, MANIFEST, type ReachRow } from './reach-harness.ts';

const REGISTRY = 'src/bench/registry.py';
const FILES = {
  'prompts/baseline.txt': 'Baseline.',
  'prompts/applike.txt': 'Apps.',
  'prompts/shared.txt': 'Both.',
};
const INPUTS = `${MANIFEST}inputs: ["prompts/*.txt"]\n`;

/** A registry that reads a prompt, and what an edit of the one of `applike` moves. */
function row(name: string, read: string, moves: 'applike' | 'all', more: ReachRow['first'] = []): ReachRow {
  return {
    name,
    manifest: INPUTS,
    files: {
      ...FILES,
      [REGISTRY]: `import json, os, pathlib\n${HARNESS[REGISTRY]!}    \n\nROOT = pathlib.Path("prompts")\n\n\ndef prompt(variant):\n${read
        .split('\n')
        .map((line) => `    ${line}\n`)
        .join('')}`,
    },
    first: [
      ['tests/test_bench.py', 'results.append({', 'prompt(variant_name)\n    results.append({'],
      ['tests/test_bench.py', 'import get_variant', 'import get_variant, prompt'],
      ...more,
    ],
    edits: [
      ['prompts/applike.txt', 'Apps.', 'An app.', moves],
      ['prompts/shared.txt', 'Both.', 'All.', 'all'],
    ],
  };
}

export const FILE_ROWS: readonly ReachRow[] = [
  row('opened by a text with its name', 'return open(f"prompts/{variant}.txt").read()', 'applike'),
  row('opened with with', 'with open(f"prompts/{variant}.txt") as file:\n    return file.read()', 'applike'),
  row('a path that is put together', 'return (ROOT / f"{variant}.txt").read_text()', 'applike'),
  row('a path that is added to', 'return pathlib.Path("prompts", variant + ".txt").read_text()', 'applike'),
  row(
    'a path with a name of its own',
    'path = os.path.join("prompts", f"{variant}.txt")\nwith open(path) as file:\n    return file.read()',
    'applike',
  ),
  row(
    'read beside files whose names are written there',
    'text = (ROOT / "shared.txt").read_text()\nreturn text + (ROOT / f"{variant}.txt").read_text()',
    'applike',
  ),
];

export const SAFE_FILE_ROWS: readonly ReachRow[] = [
  row(
    'a name that is written anew',
    'variant = os.sep.join([variant])\nreturn open(f"prompts/{variant}.txt").read()',
    'all',
  ),
  row('a text that may end in any name', 'return open(f"prompts/x{variant}.txt").read()', 'all'),
  row(
    'a folder that is listed, too',
    'return [open(f"prompts/{variant}.txt").read(), *ROOT.glob("*.txt")]',
    'all',
  ),
  row(
    'its own name, written somewhere else',
    'return open(f"prompts/{variant}.txt").read(), (ROOT / "applike.txt").read_text()',
    'all',
  ),
  row(
    'another program',
    'import subprocess\nsubprocess.run(["cat", *os.environ])\nreturn open(f"prompts/{variant}.txt").read()',
    'all',
  ),
  row(
    'a function that reads for others',
    'def given(path):\n    return open(path).read()\nreturn given(f"prompts/{variant}.txt")',
    'all',
  ),
  row(
    'a path that changes',
    'path = ROOT / f"{variant}.txt"\npath = path.parent\nreturn path.read_text()',
    'all',
  ),
  row('a call that hands on another name', 'return open(f"prompts/{variant}.txt").read()', 'all', [
    ['tests/test_bench.py', 'prompt(variant_name)', 'prompt(variant_name), prompt("base" + "line")'],
  ]),
];
