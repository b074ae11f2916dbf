// One stream of changes for all windows of a server: a browser opens six connections to one address at most, and the seventh window
// would wait for ever. One window listens and tells the others; when it is closed, the next one listens.
import type { Connection } from './source.ts';

export type Told = {
  readonly changed: (revision: string) => void;
  readonly state: (connection: Connection) => void;
};

type Said =
  | { readonly kind: 'changed'; readonly revision: string }
  | { readonly kind: 'state'; readonly connection: Connection };

/** The windows of one origin, and so of one port: no other server is asked by them. */
const NAME = 'expgraph-changes';

/** @param follow listens until the signal ends it */
export function followForAll(
  follow: (told: Told) => Promise<void>,
  { told, signal }: { readonly told: Told; readonly signal: AbortSignal },
): void {
  const channel = new BroadcastChannel(NAME);
  signal.addEventListener('abort', () => channel.close(), { once: true });
  const hear = (said: Said): void => {
    if (said.kind === 'changed') told.changed(said.revision);
    else told.state(said.connection);
  };
  const say = (said: Said): void => {
    hear(said);
    if (!signal.aborted) channel.postMessage(said);
  };
  channel.onmessage = ({ data }: MessageEvent<Said>) => hear(data);
  const listen = (): Promise<void> =>
    follow({
      changed: (revision) => say({ kind: 'changed', revision }),
      state: (connection) => say({ kind: 'state', connection }),
    });
  navigator.locks.request(NAME, { signal }, listen).catch(() => {});
}
