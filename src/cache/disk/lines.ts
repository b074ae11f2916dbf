// One record is one line: JSON, then `,"c":"` and a checksum of every byte before it. Numbered without gaps by `n`.
import { sha256 } from '../../core/canonical.ts';
import { type Redact, redactFields } from '../../core/redact.ts';
import type { BodyTexts } from './bodies.ts';

/** Fields of any line in which words of a model, a provider or a user stand. */
export const FREE_TEXT = [
  ...['input', 'output', 'attempts', 'turns', 'served_model', 'system_fingerprint'],
  ...['messages', 'tool_calls', 'tool_results', 'error', 'log', 'request_id'],
  ...['system', 'content', 'argv', 'manifest', 'filter', 'label', 'reason', 'details'],
] as const;

/** `,"c":"` + 32 hex digits + `"}` */
const SEAL_BYTES = 40;
const CHECKSUM_HEX = 32;

/**
 * Seals plain data as a line, line end included.
 * `redact` sees the free text before it is sealed: the last place where a secret can be stopped. `bodies` are texts of
 * fields that were made before, already without secrets.
 */
export function sealLine(
  data: object,
  input: { readonly n: number; readonly redact: Redact; readonly bodies?: BodyTexts },
): Buffer {
  const { n, redact, bodies } = input;
  let body = numbered(jsonText(data, bodies), n);
  // One search over the whole line; which of its fields holds what was found is looked for only then.
  if (redact(body) !== body) {
    const fields = bodies ? FREE_TEXT.filter((field) => !bodies.has(field)) : FREE_TEXT;
    body = numbered(jsonText(redactFields(data, { fields, redact }), bodies), n);
  }
  return Buffer.from(`${body},"c":"${sha256(body).slice(0, CHECKSUM_HEX)}"}\n`);
}

/** With its number behind what it says, and without a closing brace. */
function numbered(text: string, n: number): string {
  return `${text.slice(0, -1)},"n":${n}`;
}

/** JSON of an object in which some members are given as text. Members keep their order. */
function jsonText(data: object, texts: BodyTexts | undefined): string {
  if (!texts || texts.size === 0) return JSON.stringify(data);
  const pieces: string[] = [];
  let others: Record<string, unknown> = {};
  const flush = (): void => {
    const text = JSON.stringify(others).slice(1, -1);
    if (text !== '') pieces.push(text);
    others = {};
  };
  for (const [name, value] of Object.entries(data)) {
    const text = texts.get(name);
    if (text === undefined) {
      others[name] = value;
      continue;
    }
    flush();
    pieces.push(`${JSON.stringify(name)}:${text}`);
  }
  flush();
  return `{${pieces.join(',')}}`;
}

export type OpenedLine =
  | { readonly kind: 'whole'; readonly data: Record<string, unknown>; readonly n: number }
  | { readonly kind: 'damaged'; readonly why: string };

/** Checks and parses one line (without its line end). Never throws on damage. */
export function openLine(bytes: Uint8Array): OpenedLine {
  const body = checkSeal(bytes);
  if (body.kind === 'damaged') return body;
  let data: unknown;
  try {
    data = JSON.parse(`${body.text}}`);
  } catch {
    return { kind: 'damaged', why: 'is not JSON' };
  }
  if (typeof data !== 'object' || data === null) return { kind: 'damaged', why: 'is not an object' };
  const n = (data as { n?: unknown }).n;
  if (typeof n !== 'number') return { kind: 'damaged', why: 'has no number' };
  return { kind: 'whole', data: data as Record<string, unknown>, n };
}

export type SealedBody =
  | { readonly kind: 'whole'; readonly text: string }
  | { readonly kind: 'damaged'; readonly why: string };

/** The checksum that a whole line ends with. */
export function sealOf(bytes: Uint8Array): string {
  const end = bytes.length - 2;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'latin1',
    end - CHECKSUM_HEX,
    end,
  );
}

/** Checks the checksum alone: the text before it, without a closing brace, is what was written. */
export function checkSeal(bytes: Uint8Array): SealedBody {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (buffer.length <= SEAL_BYTES) return { kind: 'damaged', why: 'too short to hold a checksum' };
  const seal = buffer.toString('latin1', buffer.length - SEAL_BYTES);
  if (!seal.startsWith(',"c":"') || !seal.endsWith('"}')) return { kind: 'damaged', why: 'has no checksum' };
  const body = buffer.subarray(0, buffer.length - SEAL_BYTES);
  if (seal.slice(6, 6 + CHECKSUM_HEX) !== sha256(body).slice(0, CHECKSUM_HEX)) {
    return { kind: 'damaged', why: 'its checksum does not fit' };
  }
  return { kind: 'whole', text: body.toString('utf8') };
}
