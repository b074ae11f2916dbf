// A line to a server that fails as it is told: what goes over it is bytes, so it stands before any server.
import { once } from 'node:events';
import net from 'node:net';

export type LineFault =
  /** Gone after so many bytes of what is asked. */
  | { readonly kind: 'cut-asked'; readonly afterBytes: number }
  /** The server is asked, and its answer is cut after so many bytes; 0 = nothing of it comes. */
  | { readonly kind: 'cut-answer'; readonly afterBytes: number }
  /** What is asked is taken, and nothing follows. */
  | { readonly kind: 'hang' };

export type FaultyLine = {
  readonly port: number;
  /** What becomes of the next connections, one after the other; those after them are sound. */
  next(...faults: readonly LineFault[]): void;
  /** How many connections there were. */
  readonly connections: () => number;
  /** Resolves when somebody hangs. */
  hanging(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

export async function faultyLine(toPort: number): Promise<FaultyLine> {
  const faults: LineFault[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;
  let tellHanging = (): void => undefined;
  const hanging = new Promise<void>((resolve) => {
    tellHanging = resolve;
  });
  const server = net.createServer((near) => {
    connections += 1;
    const fault = faults.shift() ?? null;
    const far = net.connect(toPort, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    if (fault?.kind === 'hang') {
      near.on('data', () => tellHanging());
      return;
    }
    pass({ from: near, to: far, most: fault?.kind === 'cut-asked' ? fault.afterBytes : null });
    pass({ from: far, to: near, most: fault?.kind === 'cut-answer' ? fault.afterBytes : null });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as net.AddressInfo).port,
    next: (...more) => void faults.push(...more),
    connections: () => connections,
    hanging: () => hanging,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function pass(input: {
  readonly from: net.Socket;
  readonly to: net.Socket;
  readonly most: number | null;
}): void {
  const { from, to, most } = input;
  let passed = 0;
  from.on('data', (chunk) => {
    if (most === null) return void to.write(chunk);
    const left = Math.max(0, most - passed);
    passed += chunk.length;
    if (left > 0) to.write(chunk.subarray(0, left));
    // An orderly end: what was passed arrives, and then nothing.
    if (passed >= most) to.end(() => from.destroy());
  });
  from.on('end', () => to.end());
}
