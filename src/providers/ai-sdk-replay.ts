// An endpoint that answers as a whole where a stream was asked for: a package reads events alone, and finds nothing in it. It is
// given the same answer again as one that it did not ask to stream; nobody is asked twice.

import { isJsonObject, type JsonObject } from '../core/json.ts';
import { parseTold } from '../core/untrusted-json.ts';
import { joinGemini } from './gemini-read.ts';
import { makeLeanResponse } from './lean-response.ts';

/** @returns the answer to be played; null = it came as a stream, or is none */
export async function wholeAnswer(response: Response | null): Promise<((url: string) => Response) | null> {
  if (response === null || response.status >= 300) return null;
  const bytes = Buffer.from(await response.arrayBuffer());
  const body = wholeBody(bytes);
  if (body === null) return null;
  const { status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.set('content-type', 'application/json');
  return (url) => makeLeanResponse({ status, statusText, headers, url, body });
}

function wholeBody(bytes: Buffer<ArrayBuffer>): Buffer<ArrayBuffer> | null {
  const first = bytes.find((byte) => !BLANKS.has(byte));
  if (first === OBJECT) return bytes;
  if (first !== LIST) return null;
  // Gemini's stream without its events is a list of them.
  const events = objectsIn(bytes.toString('utf8'));
  return events.length === 0 ? null : Buffer.from(JSON.stringify(joinGemini(events).body));
}

function objectsIn(text: string): readonly JsonObject[] {
  const value = parseTold(text);
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

const [OBJECT, LIST] = [0x7b, 0x5b];
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
