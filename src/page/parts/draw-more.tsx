// How an answer came about: attempts and their errors, who answered, where its record is.
import { sanitizeBlock } from '../../core/text.ts';
import type { AttemptText, DrawText } from '../../screens/scenario.ts';
import { formatDuration, formatTime } from '../../text/format.ts';
import type { ComponentChildren } from '../base/preact.ts';
import { Copy } from './copy.tsx';
import type { DrawLook } from './draw-look.ts';
import { Fold } from './fold.tsx';
import { invocationName } from './invocation-name.ts';
import { ScreenLink } from './screen-link.tsx';

type Props = {
  readonly draw: DrawText;
  readonly look: DrawLook;
  readonly cell: { readonly variant: string; readonly scenario: string; readonly run: number };
};

export function DrawMore({ draw, look, cell }: Props) {
  if (draw.record === null) return null;
  return (
    <Fold
      summary={draw.attempts.length > 1 ? `details, ${draw.attempts.length} attempts` : 'details'}
      isOpen={look.isOpen('more')}
      toggle={() => look.toggle('more')}
    >
      {() => <Facts draw={draw} look={look} cell={cell} />}
    </Fold>
  );
}

function Facts({ draw, look, cell }: Props) {
  const rows: readonly (readonly [string, ComponentChildren])[] = [
    ['model', draw.model],
    ['served', draw.servedModel === draw.model ? null : draw.servedModel],
    ['temperature', draw.temperature],
    ['seed', draw.seed],
    ['ended', draw.finishReason],
    ['started', draw.startedAt === null ? null : `${formatTime(draw.startedAt)} UTC`],
    [
      'invocation',
      draw.invocation === null ? null : invocationName({ ...draw, invocation: draw.invocation }),
    ],
    [
      'record',
      draw.record === null ? null : (
        <Copy text={`npx expgraph show ${draw.record}`} label="the command that shows the record" />
      ),
    ],
    ['line', draw.file],
    ['trace', draw.langsmithUrl === null ? null : <TraceLink url={draw.langsmithUrl} />],
    ['history', look.hasHistory ? <CellWay cell={cell} /> : null],
  ];
  return (
    <>
      <dl class="facts">
        {rows.map(
          ([name, value]) =>
            value !== null && (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <Attempts attempts={draw.attempts} />
    </>
  );
}

function CellWay({ cell: { variant, scenario, run } }: Pick<Props, 'cell'>) {
  return (
    <ScreenLink screen="cell" query={new URLSearchParams({ variant, scenario, run: String(run) })}>
      All draws of this cell
    </ScreenLink>
  );
}

/** The address comes out of a record: only what leads to a page over https is a link. */
function TraceLink({ url }: { readonly url: string }) {
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:') return <code>{url}</code>;
  return (
    <a href={url} target="_blank" rel="noreferrer noopener">
      LangSmith
    </a>
  );
}

function Attempts({ attempts }: { readonly attempts: readonly AttemptText[] }) {
  if (attempts.every(({ error }) => error === null) && attempts.length < 2) return null;
  return (
    <ol class="attempts">
      {attempts.map(({ n, durationMs, error }) => (
        <li key={n}>
          attempt {n}, {formatDuration(durationMs)}:{' '}
          {error === null ? (
            'answered'
          ) : (
            <span class="attempt-error">
              {error.kind}
              {error.status === null ? '' : ` ${error.status}`}: {sanitizeBlock(error.message)}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
