// Fields of what counts in a key that are not what they were: long texts word by word.
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import type { FieldChange } from '../../screens/cell.ts';
import { TextDiff } from './text-diff.tsx';
import './field-changes.css';

/** What fits on a line is shown as a whole, before and after. */
const SHORT_CHARS = 60;

export function FieldChanges({ changes }: { readonly changes: readonly FieldChange[] }) {
  return (
    <dl class="fields">
      {changes.map((change, n) => (
        <div key={n}>
          <dt>{sanitizeLine(change.path)}</dt>
          <dd>
            <Change change={change} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Change({ change: { from, to } }: { readonly change: FieldChange }) {
  if (from === null && to === null) return null;
  if (from === null)
    return (
      <>
        <span class="remark">new</span> <ins>{sanitizeBlock(to!)}</ins>
      </>
    );
  if (to === null)
    return (
      <>
        <span class="remark">gone</span> <del>{sanitizeBlock(from)}</del>
      </>
    );
  if (Math.max(from.length, to.length) > SHORT_CHARS || /\n/.test(from + to))
    return <TextDiff from={from} to={to} />;
  return (
    <>
      <del>{sanitizeLine(from)}</del> → <ins>{sanitizeLine(to)}</ins>
    </>
  );
}
