// The way to the desk of batches: an account of its own, so that who asks after a batch takes nothing from the calls to a
// model, and has the same weather.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ok } from '../../core/result.ts';
import { makeDesk } from '../batch/desk.ts';
import type { DeskAnswer } from '../batch/desk-answer.ts';
import type { Played } from '../player/play.ts';
import { TOO_LARGE } from '../wire/wire-error.ts';
import { makeAdmission, type ServerOptions } from './admission.ts';
import { readBody } from './read-body.ts';
import { sendError } from './send.ts';
import { makeCounters } from './stats.ts';

/** Files of batches are long. */
const MAX_FILE_BYTES = 128 * 1024 * 1024;

/** @returns whether the path was the desk's */
export type DeskDoor = (request: IncomingMessage, response: ServerResponse, path: string) => boolean;

export function makeDeskDoor(options: ServerOptions): DeskDoor {
  const { counters } = options;
  const desk = makeDesk({
    ...options,
    count: (items) => {
      counters.batches++;
      counters.batch_items += items;
    },
  });
  const admit = makeAdmission({ ...options, counters: makeCounters() });
  return (request, response, path) => {
    const dialect = desk.dialectAt(path);
    if (dialect === null) return false;
    readBody(request, MAX_FILE_BYTES, (body) => {
      if (body === null) return sendError(response, { error: TOO_LARGE, dialect, requestId: null });
      counters.batch_calls++;
      const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
      const pathBefore = url.pathname.slice(0, -path.length);
      const call = {
        method: request.method ?? '',
        path,
        query: url.searchParams,
        headers: request.headers,
        body,
        pathBefore,
        baseUrl: `${url.origin}${pathBefore}/v1`,
      };
      const play = () => {
        const answer = desk.handle(call);
        return answer.kind === 'ok' ? ok(playedBy(answer.value)) : answer;
      };
      admit({ request, dialect, play }, response);
    });
    return true;
  };
}

function playedBy({ text, contentType }: DeskAnswer): Played {
  return {
    inputTokens: 0,
    outputTokens: 0,
    filler: { bytes: 0, hash: 0 },
    contentType,
    // What a fault puts in stands in a member that nobody reads, or behind the last line.
    write: (mark) => {
      if (mark === '') return text;
      return text.startsWith('{') && !text.includes('\n')
        ? `{"filler":"${mark}",${text.slice(1)}`
        : text + mark;
    },
  };
}
