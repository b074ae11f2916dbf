// What can go wrong between two machines, in words: made by lean-fetch, found again behind the SDK's own wrapping.
import type { Failure, FailureKind } from '../core/outcome.ts';

/** Carried as `cause` through the SDK, so it has to be an Error. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: FailureKind;
  /** null where no answer had started. */
  readonly status: number | null;
  readonly requestId: string | null;
  readonly isUnsent: boolean;
  readonly isNobodyThere: Failure['isNobodyThere'];

  constructor(input: {
    readonly kind: FailureKind;
    readonly message: string;
    readonly status?: number | null;
    readonly requestId?: string | null;
    readonly isUnsent?: boolean;
    readonly isNobodyThere?: Failure['isNobodyThere'];
    readonly cause?: unknown;
  }) {
    super(input.message, { cause: input.cause });
    this.kind = input.kind;
    this.status = input.status ?? null;
    this.requestId = input.requestId ?? null;
    this.isUnsent = input.isUnsent ?? false;
    this.isNobodyThere = input.isNobodyThere;
  }
}

/** The first TransportError in the chain of causes; bounded, because a chain may be a circle. */
export function findTransportError(error: unknown): TransportError | null {
  let at = error;
  for (let depth = 0; depth < 8 && at instanceof Error; depth += 1) {
    if (at instanceof TransportError) return at;
    at = at.cause;
  }
  return null;
}

/** An error of node:http, node:tls or node:dns before an answer was complete. */
export function describeSocketError(
  error: NodeJS.ErrnoException,
  { host, stage }: { readonly host: string; readonly stage: 'fresh' | 'reused' | 'answering' },
): {
  readonly kind: FailureKind;
  readonly message: string;
  readonly isUnsent?: boolean;
  readonly isNobodyThere?: Failure['isNobodyThere'];
} {
  const code = error.code ?? 'no code';
  // HPE_*: the parser of node:http. Something answers there, but not in HTTP.
  if (code.startsWith('HPE_'))
    return { kind: 'invalid-response', message: `${host} does not answer in HTTP (${code})` };
  if (stage === 'answering')
    return { kind: 'network', message: `${host}: closed in the middle of its answer` };
  // A server closes an idle connection just when it is used again: normal, and gone with the next attempt.
  if (stage === 'reused' && code === 'ECONNRESET') {
    return {
      kind: 'network',
      message: `${host}: closed an idle connection when it was used again (${code})`,
    };
  }
  const words = WORDS[code];
  if (words !== undefined) {
    return {
      ...{ kind: 'network', message: `${host}: ${words} (${code})`, isUnsent: !MAYBE_SENT.has(code) },
      ...(code === 'ENOTFOUND' ? { isNobodyThere: 'host' } : {}),
      ...(code === 'EAI_AGAIN' ? { isNobodyThere: 'lookup' } : {}),
      ...(code === 'ECONNREFUSED' ? { isNobodyThere: 'server' } : {}),
    };
  }
  return { kind: 'network', message: `cannot talk to ${host}: ${error.message || code} (${code})` };
}

/** The connection may have been there, and the request on its way. */
const MAYBE_SENT = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EPROTO']);

const WORDS: { readonly [code: string]: string } = {
  ECONNREFUSED: 'nothing listens there; start the server or correct base_url',
  ENOTFOUND: 'there is no such host; correct base_url',
  EAI_AGAIN: 'the host name could not be looked up; is there a network?',
  ECONNRESET: 'closed the connection before it answered',
  EPIPE: 'closed the connection before it answered',
  ETIMEDOUT: 'no connection in time',
  ENETUNREACH: 'no route there; is there a network?',
  EHOSTUNREACH: 'no route there; is there a network?',
  EPROTO: 'no TLS there; http:// instead of https:// in base_url?',
  ERR_SSL_WRONG_VERSION_NUMBER: 'no TLS there; http:// instead of https:// in base_url?',
  DEPTH_ZERO_SELF_SIGNED_CERT:
    'its certificate is self-signed; name it in ca_file under providers, or in NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN:
    'its certificate is self-signed; name its authority in ca_file under providers, or in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'its certificate cannot be verified; name its authority in ca_file under providers, or in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    'its certificate cannot be verified; name its authority in ca_file under providers, or in NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host',
  ERR_PROXY_TUNNEL: 'the proxy (HTTPS_PROXY, or proxy under providers) refuses the connection',
};
