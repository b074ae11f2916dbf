// Tool calls with each of their arguments, and what of them is other than in the answer they are held against.

import type { Json } from '../../core/json.ts';
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import type { ToolCallText } from '../../screens/scenario.ts';
import { useMemo } from '../base/preact.ts';
import { type CallChange, diffCalls } from './call-diff.ts';
import { Pieces } from './text-diff.tsx';
import { type ValueChange, valuePaths } from './value-diff.ts';
import { diffTexts } from './word-diff.ts';
import './calls.css';

/** Whoever calls more often is read in the raw view: each is some ten elements. */
const MAX_SHOWN = 100;

export function Calls({ calls }: { readonly calls: readonly ToolCallText[] }) {
  return (
    <ol class="calls">
      {calls.slice(0, MAX_SHOWN).map((call, n) => (
        <li key={n} class="call">
          <CallHead name={call.name} />
          <Arguments changes={valuePaths(call.arguments)} />
        </li>
      ))}
      <More count={calls.length} />
    </ol>
  );
}

export function CallsDiff(props: {
  readonly from: readonly ToolCallText[];
  readonly to: readonly ToolCallText[];
}) {
  const { from, to } = props;
  const changes = useMemo(() => diffCalls(from, to), [from, to]);
  return (
    <ol class="calls">
      {changes.slice(0, MAX_SHOWN).map((change, n) => (
        <li key={n} class={`call call-${change.kind}`}>
          <ChangedHead change={change} />
          {/* What is not here stands where it is. */}
          {change.kind !== 'missing' && (
            <Arguments changes={change.arguments} isWhole={change.kind === 'added'} />
          )}
        </li>
      ))}
      <More count={changes.length} />
    </ol>
  );
}

function CallHead({ name }: { readonly name: string }) {
  return <span class="call-name">{sanitizeLine(name)}</span>;
}

function ChangedHead({ change }: { readonly change: CallChange }) {
  const { kind, from, to, moved } = change;
  return (
    <span class="call-head">
      {kind === 'missing' && <del class="call-name">{sanitizeLine(from!.name)}</del>}
      {kind === 'added' && <ins class="call-name">{sanitizeLine(to!.name)}</ins>}
      {kind === 'other-tool' && (
        <span class="call-name">
          <del>{sanitizeLine(from!.name)}</del> <ins>{sanitizeLine(to!.name)}</ins>
        </span>
      )}
      {(kind === 'same' || kind === 'changed') && <CallHead name={to!.name} />}
      <span class="call-word">{wordOf(change)}</span>
      {moved && <span class="call-word">in another order</span>}
    </span>
  );
}

function wordOf({ kind, arguments: inside }: CallChange): string {
  const others = inside.filter((one) => one.kind !== 'same').length;
  if (kind === 'changed') return others === 1 ? '1 argument differs' : `${others} arguments differ`;
  return { same: 'same call', 'other-tool': 'another tool', added: 'only here', missing: 'not here' }[kind];
}

/** Paths that differ, with what they were and are. */
export function ChangedValues({ changes }: { readonly changes: readonly ValueChange[] }) {
  return <Arguments changes={changes} />;
}

/** @param isWhole the call as a whole is new: that is said once, above */
function Arguments({
  changes,
  isWhole = false,
}: {
  readonly changes: readonly ValueChange[];
  readonly isWhole?: boolean;
}) {
  const shown = changes.filter(({ path, from, to }) => path !== '' || !isNothing(to ?? from));
  if (shown.length === 0) return <span class="call-word">no arguments</span>;
  return (
    <dl class="arguments">
      {shown.map((change) => (
        <div
          key={`${change.kind}${change.path}`}
          class={isWhole ? 'argument' : `argument argument-${change.kind}`}
        >
          <dt>{change.path === '' ? 'not JSON' : sanitizeLine(change.path)}</dt>
          <dd>{isWhole ? <Value value={change.to ?? change.from} /> : <ChangedValue change={change} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function ChangedValue({ change }: { readonly change: ValueChange }) {
  const { kind, from, to } = change;
  if (kind === 'same') return <Value value={to} />;
  if (kind === 'added')
    return (
      <ins>
        <Value value={to} />
      </ins>
    );
  if (kind === 'missing')
    return (
      <del>
        <Value value={from} />
      </del>
    );
  const [before, after] = [valueText(from), valueText(to)];
  // Sentences are told word by word, values as a whole.
  if (Math.min(before.length, after.length) > 40 && typeof from === 'string' && typeof to === 'string') {
    const diff = diffTexts(before, after);
    if (diff.shared > 0.25) return <Pieces pieces={diff.pieces} />;
  }
  return (
    <>
      <del>{before}</del> <ins>{after}</ins>
    </>
  );
}

function Value({ value }: { readonly value: Json | undefined }) {
  const isText = typeof value === 'string';
  return <span class={isText ? undefined : 'value-literal'}>{valueText(value)}</span>;
}

/** Text as it is; what would be taken for something else, and all that is no text, as JSON. */
function valueText(value: Json | undefined): string {
  if (
    typeof value === 'string' &&
    !/^(?:|null|true|false|-?\d+(?:\.\d+)?)$/.test(value) &&
    value.trim() === value
  )
    return sanitizeBlock(value);
  try {
    return sanitizeBlock(JSON.stringify(value) ?? '');
  } catch {
    return '(nested too deep to be shown)';
  }
}

function isNothing(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

function More({ count }: { readonly count: number }) {
  if (count <= MAX_SHOWN) return null;
  return <li class="remark">{count - MAX_SHOWN} more calls: the raw view has all of them.</li>;
}
