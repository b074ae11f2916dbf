// What went over the recording proxy, kept so that a draw can be given again: a file a cell, a line an answer, in order.
// Beside the history and no part of it: deleting the folder loses nothing but the chance to give draws again.
//
//   {"v": 1, "draw": "<invocation>/<attempt>", "request": digest, "status", "headers", "body": base64, "invocation"}
//   {"v": 1, "draw": ..., "failed": true}     that attempt is no draw
import path from 'node:path';
import { digestOf } from '../../core/canonical.ts';
import type { Exchanges, KeptExchange } from '../../core/exchange.ts';
import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { Redact } from '../../core/redact.ts';
import type { Cell } from '../../core/task.ts';
import { parseTold } from '../../core/untrusted-json.ts';
import { readText } from './disk-read.ts';
import { makeFolder, openAppend } from './durable.ts';

export function openExchanges(input: {
  /** Of the experiment's artifacts. */
  readonly root: string;
  readonly invocation: string;
  /** A draw that was asked for anew is not given again. */
  readonly isForced: boolean;
  readonly redact: Redact;
}): Exchanges {
  const folder = path.join(input.root, 'exchanges');
  const fileOf = ({ variant, scenario, run }: Cell): string =>
    path.join(folder, `${digestOf({ variant, scenario, run }).replace(/^\w+:/, '')}.jsonl`);

  async function append(cell: Cell, line: JsonObject): Promise<void> {
    makeFolder(folder);
    const file = openAppend(fileOf(cell));
    try {
      // A half line of a process that was killed ends here and spoils no other.
      file.append(Buffer.from(`\n${JSON.stringify(line)}\n`));
      await file.sync();
    } finally {
      file.close();
    }
  }

  const drawName = (attempt: number): string => `${input.invocation}/${attempt}`;

  return {
    drawOf(cell) {
      if (input.isForced) return [];
      return newestDraw(readText(fileOf(cell)) ?? '', input.invocation);
    },
    async keep({ cell, attempt, exchange }) {
      const { request, status, headers, body, text, invocation = input.invocation } = exchange;
      // What must not be written cannot be given again.
      if (input.redact(text) !== text) return;
      const line = {
        v: 1,
        draw: drawName(attempt),
        request,
        status,
        headers: headers.map((one) => [...one]),
        body,
        invocation,
      };
      await append(cell, line).catch(() => {});
    },
    async failed({ cell, attempt }) {
      await append(cell, { v: 1, draw: drawName(attempt), failed: true }).catch(() => {});
    },
  };
}

/** The last one that another invocation began and did not see fail. */
function newestDraw(text: string, invocation: string): readonly KeptExchange[] {
  const draws = new Map<string, KeptExchange[]>();
  const failed = new Set<string>();
  for (const written of text.split('\n')) {
    const line = written === '' ? undefined : parseTold(written);
    if (!isJsonObject(line) || typeof line.draw !== 'string') continue;
    if (line.failed === true) failed.add(line.draw);
    const exchange = exchangeIn(line);
    if (exchange === null) continue;
    // As they come: the newest draw is the last of the map.
    const known = draws.get(line.draw) ?? [];
    known.push(exchange);
    draws.set(line.draw, known);
  }
  const whole = [...draws].filter(([draw]) => !failed.has(draw) && !draw.startsWith(`${invocation}/`));
  return whole.at(-1)?.[1] ?? [];
}

function exchangeIn({ request, status, headers, body, invocation }: JsonObject): KeptExchange | null {
  if (typeof request !== 'string' || typeof status !== 'number') return null;
  if (typeof body !== 'string' || typeof invocation !== 'string') return null;
  const pairs = Array.isArray(headers) ? headers : [];
  const named = pairs.flatMap((pair) => {
    const [name, value] = Array.isArray(pair) ? pair : [];
    return typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [];
  });
  return { request, status, headers: named, body, invocation };
}
