import { expect, it } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { printNotice } from '../../src/cli/terminal/notices.ts';
import type { Diagnostic } from '../../src/core/diagnostic.ts';

it('what was found on many ways is said once, and what differs in its place or its help each time', () => {
  let said = '';
  const err = { colors: false, write: (text: string) => (said += text) };
  const note: Diagnostic = {
    ...{ severity: 'note', code: 'x', message: 'two.py was skipped', location: null, related: [] },
    hint: null,
  };
  const io = { detail: 'normal', cwd: '/', err, given: { folders: [], file: null } } as unknown as Io;
  const diagnostics = [note, { ...note }, { ...note, hint: 'rename it' }, { ...note }];
  printNotice(io, { kind: 'diagnostics', diagnostics });
  expect(said).toBe('note: two.py was skipped\n\nnote: two.py was skipped\n  help: rename it\n');
});
