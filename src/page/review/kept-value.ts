// A value in this browser's database: it is told when it is kept, and windows change it one after another. localStorage tells
// nothing: of every few hundred openings of a file from disk Chromium 156 has one in which whatever is put there stays in that
// page without an error, and is lost with it.

const DATABASE = 'expgraph-review';
const VALUES = 'values';
/** A browser that does not answer keeps nothing. A busy computer has been seen to take seconds. */
const ANSWER_MS = 20_000;

/** null = there is none, or this browser keeps nothing. */
export function readValue<Value>(name: string): Promise<Value | null> {
  return inDatabase<Value | null>('readonly', (values, done) => {
    const asked: IDBRequest<Value | undefined> = values.get(name);
    asked.onsuccess = () => done(asked.result ?? null);
  });
}

/** @returns what is kept now, whatever happens to the page; null = it is not kept */
export function changeValue<Value>(
  name: string,
  change: (before: Value | null) => Value,
): Promise<Value | null> {
  return inDatabase<Value>('readwrite', (values, done) => {
    const asked: IDBRequest<Value | undefined> = values.get(name);
    asked.onsuccess = () => {
      const next = change(asked.result ?? null);
      values.put(next, name);
      done(next);
    };
  });
}

/** What to do with the values; `done` says what is to be returned of it. */
type Work<Value> = (values: IDBObjectStore, done: (value: Value) => void) => void;

/** Opened each time: a database that was lost meanwhile is there again. @returns once it is durable; null = nothing was done */
async function inDatabase<Value>(mode: IDBTransactionMode, work: Work<Value>): Promise<Value | null> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new Error('no answer')), ANSWER_MS);
  try {
    const database = await opened(late.signal);
    try {
      const transaction = database.transaction(VALUES, mode, { durability: 'strict' });
      return await finished(transaction, { work, late: late.signal });
    } finally {
      database.close();
    }
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

function opened(late: AbortSignal): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(DATABASE, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(VALUES);
    asked.onsuccess = () => {
      if (late.aborted) asked.result.close();
      else resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
    late.addEventListener('abort', () => reject(late.reason));
  });
}

function finished<Value>(
  transaction: IDBTransaction,
  { work, late }: { readonly work: Work<Value>; readonly late: AbortSignal },
): Promise<Value | null> {
  return new Promise((resolve, reject) => {
    let result: Value | null = null;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error);
    late.addEventListener('abort', () => {
      try {
        transaction.abort();
        reject(late.reason);
      } catch {
        // It was kept in this moment, and `complete` is about to say so.
      }
    });
    work(transaction.objectStore(VALUES), (value) => {
      result = value;
    });
  });
}
