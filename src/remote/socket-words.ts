// What went wrong between this machine and a remote, in words: what is thrown by node:http, node:tls and node:dns.

export type SocketWords = { readonly message: string; readonly advice: string | null };

export function socketWords(
  error: NodeJS.ErrnoException,
  { host, stage }: { readonly host: string; readonly stage: 'asking' | 'answering' },
): SocketWords {
  const code = error.code ?? 'no code';
  if (stage === 'answering')
    return { message: `${host}: closed in the middle of its answer (${code})`, advice: null };
  if (code.startsWith('HPE_'))
    return { message: `${host} does not answer in HTTP (${code})`, advice: ADDRESS };
  const [what, advice] = WORDS[code] ?? [error.message || code, null];
  return { message: `${host}: ${what} (${code})`, advice };
}

const ADDRESS = 'correct the address under "remote"';
const NETWORK = 'is there a network?';
const AUTHORITY = 'name the file of its authority in NODE_EXTRA_CA_CERTS';
const PLAIN = 'http:// instead of https://, with allow_http: true?';

const WORDS: { readonly [code: string]: readonly [what: string, advice: string | null] } = {
  ECONNREFUSED: ['nothing listens there', `start the server, or ${ADDRESS}`],
  ENOTFOUND: ['there is no such host', ADDRESS],
  EAI_AGAIN: ['the host name could not be looked up', NETWORK],
  ECONNRESET: ['closed the connection before it answered', null],
  EPIPE: ['closed the connection before it answered', null],
  ETIMEDOUT: ['no connection in time', null],
  ENETUNREACH: ['no route there', NETWORK],
  EHOSTUNREACH: ['no route there', NETWORK],
  EPROTO: ['no TLS there', PLAIN],
  ERR_SSL_WRONG_VERSION_NUMBER: ['no TLS there', PLAIN],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['its certificate is self-signed', AUTHORITY],
  SELF_SIGNED_CERT_IN_CHAIN: ['its certificate is self-signed', AUTHORITY],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['its certificate cannot be verified', AUTHORITY],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['its certificate cannot be verified', AUTHORITY],
  CERT_HAS_EXPIRED: ['its certificate has expired', null],
  ERR_TLS_CERT_ALTNAME_INVALID: ['its certificate is for another host', ADDRESS],
  ERR_PROXY_TUNNEL: ['the proxy refuses the connection', 'look at HTTPS_PROXY and NO_PROXY'],
};
