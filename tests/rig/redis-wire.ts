// One command to a Redis, over a connection of its own, by the protocol itself (RESP 2): what a test says to a server must not
// hang on the client that it tests. https://redis.io/docs/latest/develop/reference/protocol-spec/
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';

export type Reply = string | number | null | readonly Reply[];

/** The server's own words of refusal, such as `NOAUTH Authentication required.` */
export class RedisRefusal extends Error {
  override readonly name = 'RedisRefusal';
}

export type RedisAddress = {
  readonly port: number;
  /** null = nothing is said. */
  readonly user: string | null;
  readonly password: string | null;
  /** File of the certificate that is trusted; null = not encrypted. */
  readonly ca: string | null;
};

/** @throws RedisRefusal; Error when the server cannot be reached, or hangs up before it answered */
export async function ask(at: RedisAddress, words: readonly (string | number)[]): Promise<Reply> {
  const said = at.password === null ? [] : [['AUTH', ...(at.user === null ? [] : [at.user]), at.password]];
  const commands = [...said, words.map(String)];
  const host = '127.0.0.1';
  const socket =
    at.ca === null
      ? net.connect(at.port, host)
      : tls.connect({ port: at.port, host, ca: readFileSync(at.ca, 'utf8') });
  try {
    const replies = await new Promise<readonly Reply[]>((resolve, reject) => {
      let text = '';
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('Redis hung up')));
      socket.on('data', (part) => {
        text += part.toString('latin1');
        try {
          const heard = repliesIn(text);
          if (heard.length === commands.length) resolve(heard);
        } catch (refused) {
          reject(refused);
        }
      });
      socket.write(commands.map(written).join(''));
    });
    return replies.at(-1)!;
  } finally {
    socket.destroy();
  }
}

function written(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

/** Those that are there as a whole. */
function repliesIn(text: string): readonly Reply[] {
  const found: Reply[] = [];
  for (let at = 0; at < text.length; ) {
    const next = replyAt(text, at);
    if (next === null) break;
    found.push(next.reply);
    at = next.end;
  }
  return found;
}

function replyAt(text: string, at: number): { readonly reply: Reply; readonly end: number } | null {
  const lineEnd = text.indexOf('\r\n', at);
  if (lineEnd < 0) return null;
  const rest = text.slice(at + 1, lineEnd);
  const end = lineEnd + 2;
  switch (text[at]) {
    case '+':
      return { reply: rest, end };
    case '-':
      throw new RedisRefusal(rest);
    case ':':
      return { reply: Number(rest), end };
    case '$': {
      const size = Number(rest);
      if (size < 0) return { reply: null, end };
      if (text.length < end + size + 2) return null;
      return { reply: Buffer.from(text.slice(end, end + size), 'latin1').toString(), end: end + size + 2 };
    }
    case '*': {
      const items: Reply[] = [];
      let next = end;
      for (let left = Number(rest); left > 0; left--) {
        const item = replyAt(text, next);
        if (item === null) return null;
        items.push(item.reply);
        next = item.end;
      }
      return { reply: items, end: next };
    }
    default:
      throw new Error(`Protocol error: no reply of Redis: ${text.slice(at, at + 40)}`);
  }
}
