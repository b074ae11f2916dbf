// expgraph's own page over HTTP, for this machine alone.
export const LOOPBACK = '127.0.0.1';
