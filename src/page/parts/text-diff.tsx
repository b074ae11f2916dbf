// What of a text is new and what is gone, in marks that need no colour: lines under and through the words.
import { sanitizeBlock } from '../../core/text.ts';
import { Fragment } from '../base/preact.ts';
import { PlainText } from './plain-text.tsx';
import { remember } from './remember.ts';
import {
  differsOnlyInSpace,
  diffTexts,
  nearChanges,
  type Piece,
  type TextDiff as TextDifference,
} from './word-diff.ts';

/** Of texts as they are shown. */
export const plainDiff: (from: string, to: string) => TextDifference = remember(
  (from: string, to: string) => diffTexts(sanitizeBlock(from), sanitizeBlock(to)),
  200,
);

/** @param isBrief only what stands beside changes: for texts that are looked at for what changed, and not read */
export function TextDiff(props: { readonly from: string; readonly to: string; readonly isBrief?: boolean }) {
  const { from, to, isBrief = false } = props;
  const diff = plainDiff(from, to);
  return (
    <>
      <div class="plain">
        <Pieces pieces={isBrief ? nearChanges(diff.pieces, BESIDE_CHARS) : diff.pieces} />
      </div>
      {differsOnlyInSpace(diff, from, to) && <p class="remark">Other spaces or line ends, the same words.</p>}
      {diff.grain === 'lines' && (
        <p class="remark">Too much is different to be told by words: whole lines are marked.</p>
      )}
      {diff.grain === 'whole' && (
        <p class="remark">Too much is different to be told apart: all of both is marked.</p>
      )}
    </>
  );
}

export function Pieces({ pieces }: { readonly pieces: readonly Piece[] }) {
  return (
    <>
      {pieces.map(({ kind, text }, n) => {
        if (kind === 'same') return text;
        // The space behind a word is no part of what is marked.
        const words = text.trimEnd();
        const space = text.slice(words.length);
        return (
          <Fragment key={n}>
            {kind === 'added' ? <ins>{words}</ins> : <del>{words}</del>}
            {space}
          </Fragment>
        );
      })}
    </>
  );
}

/** Some lines. */
const BESIDE_CHARS = 200;

/** Below this share of common words marks would tell a reader nothing: he reads both. */
export const LITTLE_SHARED = 0.25;

/** Both as they are, unless they have enough in common to be marked. */
export function TextOrDiff({ from, to }: { readonly from: string | null; readonly to: string }) {
  return from === null || from === to ? <PlainText text={to} /> : <TextDiff from={from} to={to} />;
}
