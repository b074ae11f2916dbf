// Who sits here, for what is signed: protocols of reviews, verdicts.
import { userInfo } from 'node:os';
import type { Env } from '../../core/env.ts';

/** The name of the session, else of the account. In a container there may be neither. */
export function userName(env: Env): string {
  return env.LOGNAME || env.USER || env.USERNAME || accountName();
}

function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'unknown';
  }
}
