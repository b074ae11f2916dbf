import { expect, it } from 'vitest';
import type { Diagnostic } from '../../src/core/diagnostic.ts';
import { printDiagnostics } from '../../src/project/open/experiment.ts';
import type { Io } from '../../src/project/open/world.ts';

it('what was found on many ways is said once, and what differs in its place or its help each time', () => {
  let said = '';
  const err = { colors: false, write: (text: string) => (said += text) };
  const note: Diagnostic = {
    ...{ severity: 'note', code: 'x', message: 'two.py was skipped', location: null, related: [] },
    hint: null,
  };
  printDiagnostics({ detail: 'normal', cwd: '/', err, given: { folders: [], file: null } } as unknown as Io, [
    note,
    { ...note },
    { ...note, hint: 'rename it' },
    { ...note },
  ]);
  expect(said).toBe('note: two.py was skipped\n\nnote: two.py was skipped\n  help: rename it\n');
});
