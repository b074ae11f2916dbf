// Fields of what counts in a key that are not what they were: long texts word by word.
import { sanitizeBlock, sanitizeLine } from '../../core/text.ts';
import type { FieldChange } from '../../screens/cell.ts';
import { LITTLE_SHARED, TextDiff } from './text-diff.tsx';
import { diffTexts } from './word-diff.ts';
import './field-changes.css';

/** A value is shown as a whole, before and after; what has three words is told by words. */
const isProse = (text: string): boolean => /\S\s+\S+\s+\S/.test(text);

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
  if (isProse(from) && isProse(to) && diffTexts(from, to).shared >= LITTLE_SHARED)
    return <TextDiff from={from} to={to} isBrief />;
  return (
    <>
      <del>{sanitizeBlock(from)}</del> → <ins>{sanitizeBlock(to)}</ins>
    </>
  );
}
