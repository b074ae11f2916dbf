// Who may ask: whoever was given the first address. It is behind its #, which no browser sends to anybody.
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits, as letters of an address. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Takes as long whatever is wrong with it. */
export function isBearer(authorization: string | undefined, token: string): boolean {
  return timingSafeEqual(sha256(authorization ?? ''), sha256(`Bearer ${token}`));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
