// A process that holds the lock of a store and does nothing else, so that nothing that runs beside it can drop it.
// It ends when its stdin closes: with its parent, however that ends. Signals of a terminal are for the parent.
import { writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
try {
  const database = new DatabaseSync(process.argv[2]!);
  // The parent found it free a moment ago. Another start that looks just now is gone in a moment.
  database.exec('PRAGMA busy_timeout = 100; PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE;');
  // Named here, so that no collection of garbage ever closes it.
  process.stdin.on('end', () => database.close());
  process.stdin.on('error', () => process.exit());
  process.stdin.resume();
  writeSync(1, '{"kind":"held"}\n');
} catch (cause) {
  const { message, errcode } = cause as Error & { readonly errcode?: number };
  // SQLITE_BUSY (5) in the low byte of the extended code.
  const kind = errcode !== undefined && (errcode & 0xff) === 5 ? 'busy' : 'failed';
  writeSync(1, `${JSON.stringify({ kind, message })}\n`);
  process.exit();
}
