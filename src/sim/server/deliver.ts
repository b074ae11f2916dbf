// Hands an answer over, or what a fault makes of it, and counts it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unreachable } from '../../core/result.ts';
import type { Played } from '../player/play.ts';
import type { Dialect, Headers } from '../wire/dialect.ts';
import { SERVER_FAULT } from '../wire/wire-error.ts';
import { tokensOf } from '../wire/wire-fields.ts';
import type { TrackedCall } from './connections.ts';
import type { Fault } from './faults.ts';
import { sendDripping, sendError, sendFilled, sendWhole } from './send.ts';

export type Delivery = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly tracked: TrackedCall;
  readonly dialect: Dialect;
  readonly requestId: string;
  /** Beside the id of the request. */
  readonly headers: Headers;
  readonly played: Played;
  /** Text that no answer contains: where the body is taken apart. */
  readonly mark: string;
  readonly hugeBytes: number;
  readonly dripMs: number;
};

/** Bytes that begin no character of UTF-8. */
const NO_UTF8 = Buffer.from([0xff, 0xfe, 0xc0, 0x80]);

export function deliver(fault: Exclude<Fault, 'hung'> | null, delivery: Delivery): void {
  const { request, response, tracked, dialect, requestId, played, mark, hugeBytes, dripMs } = delivery;
  const headers = { [dialect.requestIdHeader]: requestId, ...delivery.headers };
  const answer = { status: 200, headers, contentType: played.contentType };
  const apart = (): [head: string, tail: string] => played.write(mark).split(mark) as [string, string];
  switch (fault) {
    case null:
      tracked.answer('answered', played);
      if (played.filler.bytes === 0) sendWhole(response, { ...answer, body: played.write('') });
      else sendFilled(response, { ...answer, body: apart(), filler: played.filler });
      break;
    case 'huge':
      tracked.answer('huge', { ...played, outputTokens: tokensOf(hugeBytes) });
      sendFilled(response, { ...answer, body: apart(), filler: { ...played.filler, bytes: hugeBytes } });
      break;
    case 'garbled': {
      tracked.end('garbled');
      const [head, tail] = apart();
      sendWhole(response, {
        ...answer,
        body: Buffer.concat([Buffer.from(head), NO_UTF8, Buffer.from(tail)]),
      });
      break;
    }
    case 'dripped': {
      tracked.end('dripped');
      const wait = (then: () => void): void => tracked.wait(dripMs, then);
      sendDripping(response, { ...answer, body: played.write(''), wait });
      break;
    }
    case 'halved':
      tracked.end('halved');
      sendWhole(response, { ...answer, body: firstHalf(played.write('')) });
      break;
    case 'error':
      tracked.end('errors');
      sendError(response, { error: SERVER_FAULT, dialect, requestId, headers });
      break;
    case 'dropped':
      tracked.end('dropped');
      request.socket.destroy();
      break;
    default:
      unreachable(fault);
  }
}

/** Sent as if it were all: its length fits, and the JSON does not end. */
function firstHalf(body: string): Uint8Array {
  const whole = Buffer.from(body);
  return whole.subarray(0, Math.floor(whole.length / 2));
}
