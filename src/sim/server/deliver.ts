// Hands an answer over, or what a fault makes of it, and counts it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { unreachable } from '../../core/result.ts';
import type { Filler } from '../player/filler.ts';
import { SERVER_FAULT } from '../wire/wire-error.ts';
import { tokensOf } from '../wire/wire-fields.ts';
import type { Followed } from './connections.ts';
import type { Fate } from './faults.ts';
import type { Played } from './play.ts';
import { type Headers, sendDripping, sendError, sendFilled, sendHalf, sendJson } from './send.ts';

export type Delivery = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly followed: Followed;
  readonly headers: Headers;
  readonly played: Played;
  /** Text that no answer contains: where the body is taken apart. */
  readonly mark: string;
  readonly hugeBytes: number;
  readonly dripMs: number;
};

/** Bytes that begin no character of UTF-8. */
const NO_UTF8 = Buffer.from([0xff, 0xfe, 0xc0, 0x80]);

export function deliver(kind: Exclude<Fate['kind'], 'hung'>, delivery: Delivery): void {
  const { request, response, followed, headers, played, dripMs } = delivery;
  const answer = { status: 200, headers };
  switch (kind) {
    case 'answered':
      followed.answer('answered', played);
      if (played.filler.bytes === 0) sendJson(response, { ...answer, body: played.write('') });
      else sendFilled(response, { ...answer, ...filled(delivery, played.filler) });
      break;
    case 'huge': {
      const filler = { ...played.filler, bytes: delivery.hugeBytes };
      const outputTokens = tokensOf(filler.bytes);
      followed.answer('huge', { ...played, outputTokens });
      sendFilled(response, { ...answer, ...filled(delivery, filler) });
      break;
    }
    case 'garbled': {
      followed.end('garbled');
      const [head, tail] = apart(delivery);
      sendJson(response, { ...answer, body: Buffer.concat([Buffer.from(head), NO_UTF8, Buffer.from(tail)]) });
      break;
    }
    case 'dripped':
      followed.end('dripped');
      sendDripping(response, {
        ...answer,
        body: played.write(''),
        wait: (then) => followed.wait(dripMs, then),
      });
      break;
    case 'halved':
      followed.end('halved');
      sendHalf(response, { ...answer, body: played.write('') });
      break;
    case 'error':
      followed.end('errors');
      sendError(response, SERVER_FAULT, headers);
      break;
    case 'dropped':
      followed.end('dropped');
      request.socket.destroy();
      break;
    default:
      unreachable(kind);
  }
}

function filled(
  delivery: Delivery,
  filler: Filler,
): { readonly body: readonly [string, string]; readonly filler: Filler } {
  return { body: apart(delivery), filler };
}

function apart({ played, mark }: Delivery): readonly [head: string, tail: string] {
  const [head, tail] = played.write(mark).split(mark);
  return [head!, tail!];
}
