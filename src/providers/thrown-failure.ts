// What an error means that code of the user's raised while it talked to a model by itself: one table for Python's clients
// and for JavaScript's. An answer of a server speaks through the same rules as one of ours; what no server said goes by
// its type. What nobody knows is a mistake of the code. Pure.
import type { Failure, FailureKind } from '../core/outcome.ts';
import { readServerError } from './openai-error-body.ts';
import { meaningOf } from './openai-failure.ts';
import { boundWait, readAskedMs } from './retry-after.ts';

/** One error of a chain, as the plugin or the thread tells it; texts of anybody. */
export type ThrownLink = {
  /** Its class and the classes above it: `openai.RateLimitError` in Python, `RateLimitError` in JavaScript. */
  readonly types: readonly string[];
  readonly message: string;
  /** Of HTTP, from 400 on. */
  readonly status: number | null;
  /** Names of APIs, of AWS, of gRPC, of the operating system. */
  readonly codes: readonly string[];
  /** Those that say how long to wait, by their names in small letters. */
  readonly headers: { readonly [name: string]: string };
  /** What the server wrote, as far as it is known. */
  readonly body: string;
  /** It asks for another attempt itself. */
  readonly retryable: boolean;
};

export type ThrownMeaning = Pick<Failure, 'kind' | 'status' | 'retryAfterMs' | 'refuses'>;

/** @param links outermost first. The first of them that means something counts. */
export function meaningOfThrown(links: readonly ThrownLink[], nowMs: number): ThrownMeaning {
  for (const link of links) {
    const meaning = meaningOfLink(link, nowMs);
    if (meaning !== null) return meaning;
  }
  const isLike = links.some(({ types }) => types.some((type) => LOOKS_TEMPORARY.test(type)));
  return typed(isLike ? 'code-temporary' : 'code-failed');
}

function meaningOfLink(link: ThrownLink, nowMs: number): ThrownMeaning | null {
  if (link.retryable) return typed('code-temporary');
  const row = ROWS.find((one) => fits(one, link));
  if (row?.is === 'server' || (row === undefined && link.status !== null)) return ofServer(link, nowMs);
  if (row === undefined) return null;
  if (row.is === 'limit') return { ...typed('rate-limited'), ...askedBy(link, nowMs), status: link.status };
  return { ...typed(row.is), status: link.status };
}

/** As an answer of one of our own calls would be read. */
function ofServer(link: ThrownLink, nowMs: number): ThrownMeaning {
  const { codes, body, message } = link;
  const { error, retryAfterMs } = askedBy(link, nowMs);
  const said = body === '' ? { ...error, message } : error;
  const whole = { ...said, names: [...said.names, ...codes], code: said.code ?? codes[0] ?? null };
  const { kind, refuses } = meaningOf(whole, retryAfterMs);
  return {
    kind,
    status: link.status,
    retryAfterMs: boundWait(retryAfterMs),
    ...(refuses === undefined ? {} : { refuses }),
  };
}

function askedBy({ status, headers, body, message }: ThrownLink, nowMs: number) {
  const error = readServerError(body === '' ? { message } : body, status);
  const source = { get: (name: string) => (Object.hasOwn(headers, name) ? headers[name]! : null) };
  return { error, retryAfterMs: readAskedMs(source, { status: status ?? 200, nowMs, error }) };
}

function typed(kind: FailureKind): ThrownMeaning {
  return { kind, status: null, retryAfterMs: null };
}

type Row = {
  /** `server`: its words decide. `limit`: too much at once, whatever its status says. */
  readonly is: FailureKind | 'server' | 'limit';
  /** A class, or one above it. */
  readonly type?: RegExp;
  /** One of the codes, as a whole. */
  readonly code?: RegExp;
  readonly words?: RegExp;
};

/** HTTP clients of Python, and what they stand on. */
const HTTP = '^(?:httpx2?|httpcore2?|requests|urllib3|aiohttp|botocore|websockets)\\b.*\\.';

/** The first that fits counts. */
const ROWS: readonly Row[] = [
  // Mistakes in what was asked of a client: another attempt makes them again.
  {
    is: 'code-failed',
    type: /\.(?:UnsupportedProtocol|LocalProtocolError|Invalid(?:URL|Schema|Header|ProxyURL)|MissingSchema|TooManyRedirects|LocationParseError|ParamValidationError|UnknownServiceError|NoRegionError)$/,
  },
  // Keys that are not there: no server was asked.
  {
    is: 'unauthorized',
    type: /^botocore\.exceptions\.(?:NoCredentialsError|PartialCredentialsError|CredentialRetrievalError|TokenRetrievalError|UnauthorizedSSOTokenError|SSOTokenLoadError|ProfileNotFound)$|^google\.auth\.exceptions\.(?:RefreshError|DefaultCredentialsError)$|^CredentialsProviderError$/,
  },
  {
    is: 'unauthorized',
    words:
      /^"?Could not resolve authentication method\b|^Missing credentials\. Please pass an? `?api_?key|\bapi_?key\b.{0,80}(?:must be set|client option must be set|environment variable is missing or empty)|^The OPENAI_API_KEY environment variable is missing/i,
  },
  // AWS says "too much" with 400 in some services; the code is what counts.
  {
    is: 'limit',
    code: /^(?:Throttl(?:ing|ed)(?:Exception)?|ThrottledException|RequestThrottled(?:Exception)?|TooManyRequestsException|RequestLimitExceeded|SlowDown|ProvisionedThroughputExceededException|EC2ThrottledException)$/,
  },
  { is: 'quota-exhausted', code: /^ServiceQuotaExceededException$/ },
  {
    is: 'overloaded',
    code: /^(?:ServiceUnavailable(?:Exception)?|InternalServerException|InternalFailure|ModelNotReadyException|ModelStreamErrorException|ModelErrorException)$/,
  },
  { is: 'timeout', code: /^(?:ModelTimeoutException|RequestTimeout(?:Exception)?)$/ },
  {
    is: 'unauthorized',
    code: /^(?:UnrecognizedClientException|InvalidSignatureException|ExpiredToken(?:Exception)?|InvalidClientTokenId|InvalidAccessKeyId|SignatureDoesNotMatch|MissingAuthenticationToken|IncompleteSignature)$/,
  },
  // gRPC without an HTTP status beside it.
  { is: 'limit', type: /^grpc\./, code: /^RESOURCE_EXHAUSTED$/ },
  { is: 'overloaded', type: /^grpc\./, code: /^(?:UNAVAILABLE|INTERNAL|ABORTED|UNKNOWN)$/ },
  { is: 'timeout', type: /^grpc\./, code: /^DEADLINE_EXCEEDED$/ },
  { is: 'unauthorized', type: /^grpc\./, code: /^(?:UNAUTHENTICATED|PERMISSION_DENIED)$/ },
  // It says 400 of a body that ended too early.
  {
    is: 'network',
    type: /^aiohttp\.http_exceptions\.(?:PayloadEncodingError|ContentLengthError|TransferEncodingError)$/,
  },
  // An answer that is none; its status is that of success.
  { is: 'invalid-response', type: /\bAPIResponseValidationError$/ },
  // Timeouts, before what is above them in the clients: many are connection errors as well.
  {
    is: 'timeout',
    type: new RegExp(
      `${HTTP}(?:\\w*Timeout(?:Exception|Error)?)$|^(?:anthropic|openai|groq|cerebras|together)\\b.*\\.APITimeoutError$|^(?:APIConnectionTimeoutError|HeadersTimeoutError|BodyTimeoutError|ConnectTimeoutError|TimeoutError)$`,
    ),
  },
  { is: 'timeout', type: /^google\.api_core\.exceptions\.DeadlineExceeded$/ },
  {
    is: 'timeout',
    type: /^(?:builtins|asyncio|asyncio\.exceptions|concurrent\.futures\._base|socket)\.(?:TimeoutError|timeout)$/,
  },
  {
    is: 'timeout',
    code: /^(?:ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT|UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT)$/,
  },
  // pytest-timeout ends a test by pytest.fail.
  { is: 'code-timeout', type: /^_pytest\.outcomes\.Failed$/, words: /^Timeout [>(]/ },
  // What a server said, inside of a stream that had begun with success as well.
  {
    is: 'server',
    type: /(?:^|\.)(?:APIStatusError|APIError|ApiError|HTTPStatusError|ServerError|SDKError)$/,
    code: /./,
  },
  // Connections.
  {
    is: 'network',
    type: new RegExp(
      `${HTTP}(?:TransportError|NetworkError|ProtocolError|RemoteProtocolError|ConnectError|ReadError|ProxyError|ConnectionError|ChunkedEncodingError|ContentDecodingError|SSLError|NewConnectionError|MaxRetryError|IncompleteRead|ClientConnectionError|ClientPayloadError|ClientOSError|HTTPClientError|ConnectionClosed(?:Error)?|EndpointConnectionError)$`,
    ),
  },
  { is: 'network', type: /\bAPIConnectionError$|^google\.auth\.exceptions\.TransportError$/ },
  {
    is: 'network',
    type: /^(?:builtins\.ConnectionError|socket\.gaierror|ssl\.SSLError|http\.client\.(?:HTTPException|RemoteDisconnected|IncompleteRead))$/,
  },
  {
    is: 'network',
    code: /^(?:ECONNRESET|ECONNREFUSED|EPIPE|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|EPROTO|ERR_NETWORK|ERR_SSL_\w+|UND_ERR_SOCKET|ERR_STREAM_PREMATURE_CLOSE)$/,
  },
];

/** Of classes that nobody knows, by what people call them: hand-written clients. Each is another attempt worth. */
const LOOKS_TEMPORARY =
  /(?:^|\.)(?:\w*RateLimit(?:ed|Exceeded|s)?(?:Error|Exception)?|TooManyRequests\w*|\w*Timeout(?:Error|Exception)?|\w*TimedOut\w*|\w*Connection(?:Reset|Aborted|Closed)?Error|\w*Unavailable(?:Error|Exception)?|\w*Overloaded\w*|InternalServerError|RemoteDisconnected)$/;

function fits(row: Row, { types, codes, message }: ThrownLink): boolean {
  if (row.type !== undefined && !types.some((type) => row.type!.test(type))) return false;
  if (row.code !== undefined && !codes.some((code) => row.code!.test(code))) return false;
  return row.words === undefined || row.words.test(message);
}
