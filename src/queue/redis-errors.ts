// What a Redis, its client or the network says, in one sentence: what is wrong, and what to do. The errors themselves are never
// printed: those of a client carry the command that failed, and with AUTH that is the password. Pure.
import { sanitizeLine } from '../core/text.ts';
import { type RedisTarget, shownRedis } from './redis-url.ts';

export type RedisTrouble = {
  /** One sentence, without a full stop. */
  readonly sentence: string;
  /** Whether it may go away by itself: whoever waits for the queue goes on waiting. */
  readonly passes: boolean;
};

type Words = {
  /** The address, as it may be shown. */
  readonly at: string;
  readonly target: RedisTarget;
  /** Without secrets. */
  readonly message: string;
};
type Known = readonly [says: RegExp, trouble: (words: Words) => RedisTrouble];

/** @param thrown by a client, or the words of a reply: `NOAUTH Authentication required.` */
export function redisTrouble(thrown: unknown, target: RedisTarget): RedisTrouble {
  const message = withoutSecrets(messageOf(thrown), target);
  const words: Words = { at: shownRedis(target), target, message };
  const code = codeOf(thrown);
  const known =
    (code === null ? undefined : NETWORK.find(([says]) => says.test(code))) ??
    REPLIES.find(([says]) => says.test(message)) ??
    CLIENT.find(([says]) => says.test(message));
  if (known !== undefined) return known[1](words);
  return passing(`${words.at} answered: ${shortened(message)}`);
}

/** What cannot be helped by waiting. */
function lasting(sentence: string): RedisTrouble {
  return { sentence, passes: false };
}

function passing(sentence: string): RedisTrouble {
  return { sentence, passes: true };
}

/** Codes of Node: https://nodejs.org/api/errors.html, and of OpenSSL. */
const NETWORK: readonly Known[] = [
  [/^ECONNREFUSED$/, ({ at }) => passing(`nothing listens at ${at}: start Redis there, or correct --redis`)],
  [/^ENOENT$/, ({ at }) => passing(`there is no socket at ${at}: start Redis there, or correct --redis`)],
  [
    /^(EACCES|EPERM)$/,
    ({ at }) => lasting(`this user may not open ${at}: join the group of Redis, or use its port`),
  ],
  [
    /^ENOTFOUND$/,
    ({ at }) => lasting(`there is no host with the name in ${at} (ENOTFOUND): correct --redis`),
  ],
  [
    /^EAI_AGAIN$/,
    ({ at }) => passing(`the host in ${at} cannot be looked up (EAI_AGAIN): is there a network?`),
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH)$/,
    ({ at }) => passing(`there is no way to ${at} from here: is there a network?`),
  ],
  [
    /^ETIMEDOUT$/,
    ({ at, target }) =>
      passing(
        `${at} did not take the connection in time: ${isEncrypted(target) ? 'does it speak TLS at that port, and ' : ''}is it behind a firewall?`,
      ),
  ],
  [
    /^(ECONNRESET|EPIPE)$/,
    ({ at, target }) =>
      passing(
        `${at} broke the connection off${isEncrypted(target) ? '' : ': where it speaks TLS, the address begins with rediss://'}`,
      ),
  ],
  [
    /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|EPROTO)$/,
    ({ at }) => lasting(`${at} does not speak TLS: its address begins with redis://`),
  ],
  [
    /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(_LOCALLY)?)$/,
    ({ at }) =>
      lasting(
        `nobody here vouches for the certificate of ${at}: set NODE_EXTRA_CA_CERTS to the file of the authority that made it`,
      ),
  ],
  [/^CERT_HAS_EXPIRED$/, ({ at }) => lasting(`the certificate of ${at} has expired: it needs a new one`)],
  [
    /^CERT_NOT_YET_VALID$/,
    ({ at }) => lasting(`the certificate of ${at} is not valid yet: is the clock right, here and there?`),
  ],
  [
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    ({ at }) =>
      lasting(`the certificate of ${at} is for another name: write the host as the certificate has it`),
  ],
  [/^ERR_(SSL|TLS|OSSL)_/, ({ at, message }) => lasting(`TLS to ${at} failed: ${shortened(message)}`)],
];

/** First words of replies: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const REPLIES: readonly Known[] = [
  [/^NOAUTH\b/, ({ at, target }) => lasting(`${at} wants a password: write it as ${withWho(target)}`)],
  [
    /^WRONGPASS\b|^ERR invalid (password|username-password pair)/,
    ({ at, target }) =>
      lasting(
        `${at} does not take the password${target.username === null ? '' : ` of user ${sanitizeLine(target.username)}`}`,
      ),
  ],
  [
    /^ERR (Client sent AUTH, but no password is set|AUTH <password> called without any password)/,
    ({ at }) => lasting(`${at} has no password set: leave it out of --redis, or set one (requirepass)`),
  ],
  [/^NOPERM\b/, (words) => lasting(noPermission(words))],
  [
    /^DENIED\b/,
    ({ at }) =>
      lasting(
        `${at} takes only connections of its own machine (protected mode): give it a password (requirepass), and an address to listen at (bind)`,
      ),
  ],
  [
    /^OOM\b/,
    ({ at }) =>
      passing(
        `${at} is full, and takes no more work until results are fetched or it is given more: CONFIG SET maxmemory`,
      ),
  ],
  [
    /^READONLY\b/,
    ({ at }) =>
      passing(
        `${at} is a replica, which nobody may write to: give the address of its primary (INFO replication names it)`,
      ),
  ],
  [/^MASTERDOWN\b/, ({ at }) => passing(`${at} has lost its primary: wait until it is back`)],
  [/^LOADING\b/, ({ at }) => passing(`${at} is still loading its data: wait until it is done`)],
  [/^BUSY\b/, ({ at }) => passing(`${at} is busy with somebody's script (SCRIPT KILL ends it)`)],
  [/^(MOVED|ASK)\b/, (words) => lasting(movedSentence(words))],
  [
    /^CROSSSLOT\b/,
    ({ at }) =>
      lasting(
        `${at} is a cluster, and two keys of a command stand at different nodes of it: please report this`,
      ),
  ],
  [
    /^(CLUSTERDOWN|TRYAGAIN)\b/,
    ({ at }) => passing(`the cluster of ${at} is not whole: CLUSTER INFO tells what is missing`),
  ],
  [
    /^MISCONF\b/,
    ({ at }) =>
      passing(
        `${at} could not write to its disk, and takes no more work until it can: look at its log, and at the space that is left`,
      ),
  ],
  [
    /^NOREPLICAS\b/,
    ({ at }) => passing(`${at} has fewer replicas than it must have (min-replicas-to-write)`),
  ],
  [
    /^ERR max number of clients reached/,
    ({ at }) => passing(`${at} takes no more connections: raise its maxclients, or start fewer workers`),
  ],
  [
    /^ERR DB index is out of range/,
    ({ at, target }) =>
      lasting(`${at} has no database ${target.db}: it has fewer: 16 by itself, 1 as a cluster`),
  ],
  [
    /^ERR SELECT is not allowed/,
    ({ at }) => lasting(`${at} is a cluster, which has database 0 alone: leave the number out of --redis`),
  ],
  [
    /^ERR unknown command\b|^ERR unknown subcommand\b/i,
    ({ at, message }) =>
      lasting(
        `${at} lacks a command that the queue needs (${shortened(message)}): it needs Redis 6.2 or newer, or Valkey`,
      ),
  ],
];

/** Words of clients, without a code. */
const CLIENT: readonly Known[] = [
  [
    /Unknown RESP type|as reply type byte|^Protocol error/,
    ({ at }) => lasting(`what listens at ${at} is no Redis: correct --redis`),
  ],
  // Ours: bullmq.ts.
  [
    /^Cluster nodes do not answer: /,
    ({ at, message }) =>
      lasting(
        `${at} is a node of a cluster whose nodes do not answer from here at the addresses that they say of themselves (${shortened(message.replace(/^.*?: /, ''))}): CONFIG SET cluster-announce-ip ADDRESS`,
      ),
  ],
  [/^Command timed out|^Socket timeout/, ({ at }) => passing(`${at} does not answer`)],
  [
    /^Connection is closed|Redis hung up|Stream isn't writeable|max retries per request/i,
    ({ at }) => passing(`the connection to ${at} is lost`),
  ],
];

/** `this user has no permissions to run the 'info' command`; `... to access one of the keys used as arguments`. */
function noPermission({ at, target, message }: Words): string {
  const who = `user ${sanitizeLine(target.username ?? 'default')} of ${at}`;
  const command = /run the '([^']{1,60})' command/.exec(message)?.[1];
  const rule = command === undefined ? '~expgraph:* &expgraph:*' : `+${command.replace(' ', '|')}`;
  const what =
    command === undefined ? 'use the keys of the queue' : `use ${command.toUpperCase().replace('|', ' ')}`;
  return `${who} may not ${sanitizeLine(what)}: ACL SETUSER ${sanitizeLine(target.username ?? 'default')} ${sanitizeLine(rule)}`;
}

/** `MOVED 3999 127.0.0.1:6381`. All keys of an experiment have one tag, so they stand at one node. */
function movedSentence({ at, message }: Words): string {
  const node = /^(?:MOVED|ASK) \d+ (\S{1,200})/.exec(message)?.[1];
  const where = node === undefined || node.startsWith(':') ? 'another node' : sanitizeLine(node);
  return `${at} is a node of a cluster, and the keys of this experiment stand at ${where}: give that one's address`;
}

function withWho({ at, username, db }: RedisTarget): string {
  return shownRedis({ at, username, password: '', db }).replace(':***@', ':PASSWORD@');
}

function isEncrypted({ at }: RedisTarget): boolean {
  return at.kind === 'tcp' && at.isEncrypted;
}

/** Of an attempt at several addresses of one name, the first says it. */
function codeOf(thrown: unknown): string | null {
  for (const one of [thrown, ...(thrown instanceof AggregateError ? thrown.errors : [])]) {
    if (typeof one !== 'object' || one === null) continue;
    const { code } = one as { readonly code?: unknown };
    if (typeof code === 'string') return code;
  }
  return null;
}

function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return thrown;
  return thrown instanceof Error ? thrown.message : 'an error without words';
}

/** Servers repeat what they were sent. */
function withoutSecrets(message: string, { password }: RedisTarget): string {
  let safe = message;
  for (const form of password === null ? [] : [password, encodeURIComponent(password)]) {
    safe = safe.replaceAll(form, '***');
  }
  return safe;
}

function shortened(message: string): string {
  return sanitizeLine(message).slice(0, MOST_CHARS);
}

const MOST_CHARS = 200;
