// expgraph sim: the simulation alone, for other tools, for tests and for load. Serves until Ctrl-C.
import { jsonLine } from '../../core/text.ts';
import { serveSim } from '../../project/sim/serve.ts';
import { readNumber, readSimSettings, type SimTexts } from '../../project/sim/settings.ts';
import type { Io } from '../io.ts';

export async function simCommand(io: Io, options: SimTexts & { readonly port: string }): Promise<number> {
  const settings = readSimSettings(options);
  const port = readNumber('--port', options.port, { max: 65_535 });
  const stats = await serveSim(io, {
    settings,
    port,
    onStart(url) {
      io.out.write(`${url}\n`);
      io.err.write(
        `A simulation, no model. OpenAI's API at ${url}, Anthropic's at ${url} (its own SDKs: ${url.replace(/\/v1$/, '')}); counts at /sim/stats. Ctrl-C ends it.\n`,
      );
    },
  });
  io.err.write(jsonLine(stats));
  return 0;
}
