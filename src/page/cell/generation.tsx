// One draw of a cell's history: how it stands, what was other in its key, and what it said otherwise than the one before.
import type { CellScreen } from '../../screens/cell.ts';
import { formatTime } from '../../text/format.ts';
import { Draw } from '../parts/draw.tsx';
import { FieldChanges } from '../parts/field-changes.tsx';
import { invocationName } from '../parts/invocation-name.ts';
import type { ReadingLook } from '../parts/look.ts';
import { GENERATION } from './move.ts';

type One = CellScreen['generations'][number];

const STANDINGS: Readonly<Record<One['standing'], string>> = {
  current: 'counts now',
  superseded: 'replaced by a newer draw',
  stale: 'of other content than the manifest has now',
  'out-of-scope': 'no longer asked for',
  archived: 'archived: its answer was taken out of the history',
};

export function Generation(props: {
  readonly cell: CellScreen;
  readonly generation: One;
  readonly before: One | null;
  readonly look: ReadingLook;
}) {
  const { cell, generation, before, look } = props;
  const { draw, changed, moved, standing, invocation, key } = generation;
  const { variant, scenario, run } = cell;
  const isSame = before !== null && !moved;
  return (
    <li class={GENERATION} tabIndex={-1}>
      <p class="generation-head">
        <span class={`tag standing-${standing}`}>{STANDINGS[standing]}</span>
        <code>
          {key.slice(0, 12)}@{generation.generation}
        </code>
        <span class="muted">
          invocation {draw.called ?? invocationName({ invocation })}
          {draw.startedAt === null ? '' : `, ${formatTime(draw.startedAt)} UTC`}
        </span>
      </p>
      <Asked before={before} generation={generation} />
      {changed.length > 0 && <FieldChanges changes={changed} />}
      {standing !== 'archived' && (
        <Draw
          cell={{ variant, scenario, run }}
          title={before === null ? 'First answer' : 'Answer'}
          draw={draw}
          base={
            before === null || before.draw.answer === null
              ? null
              : { name: 'the one before', draw: before.draw }
          }
          {...(isSame && !look.raw
            ? { instead: <p class="remark">The same answer as the one before.</p> }
            : {})}
          look={look}
        />
      )}
    </li>
  );
}

function Asked({ before, generation }: { readonly before: One | null; readonly generation: One }) {
  if (before === null) return null;
  const { changed, key } = generation;
  if (changed.length > 0) return <p class="remark">Changed in what is asked:</p>;
  return (
    <p class="remark">
      {key === before.key
        ? 'Asked again under the same key.'
        : 'The key is another; which field changed is no longer known.'}
    </p>
  );
}
