// The command that shows an experiment in a browser: view.
import { declare, type Wiring } from '../base.ts';
import { UNBLIND_ROW } from './rows.ts';

export function addView({ program, io, done }: Wiring): void {
  declare(program)
    .filtered(`
    view           the experiment as a page in your browser: every answer, and what an edit or a run changes
    --port <port>  listen on this port of 127.0.0.1 (else on a free one)
    --no-open      only print the address
    --json         {url, port, pid} as one JSON document once it answers; opens no browser
    ${UNBLIND_ROW}`)
    .action(async (options) => done(await (await import('../commands/view.ts')).viewCommand(io, options)));
}
