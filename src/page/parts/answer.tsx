// The text of an answer: as it was meant to look or as it was written, with what is other than in the answer it is held against.
import { formatPercent } from '../../text/format.ts';
import { Markdown, MarkdownNodes, markdownDiff } from './markdown.tsx';
import { PlainText } from './plain-text.tsx';
import { LITTLE_SHARED, plainDiff, TextDiff } from './text-diff.tsx';

export type Against = { readonly name: string; readonly text: string };

export type AnswerLook = {
  readonly markdown: boolean;
  /** Words are marked even where both have little in common. */
  readonly marksAll: boolean;
  /** Asked for by whoever reads; absent where nothing can be switched. */
  readonly onMarkAll?: () => void;
};

export function AnswerText(props: {
  readonly text: string;
  readonly against: Against | null;
  readonly look: AnswerLook;
}) {
  const { text, against, look } = props;
  if (against === null || against.text === text) return <Plain text={text} look={look} />;
  return <Marked text={text} against={against} look={look} />;
}

function Plain({ text, look }: { readonly text: string; readonly look: AnswerLook }) {
  return look.markdown ? <Markdown text={text} /> : <PlainText text={text} />;
}

function Marked(props: Compared) {
  return props.look.markdown ? <MarkedMarkdown {...props} /> : <MarkedPlain {...props} />;
}

type Compared = { readonly text: string; readonly against: Against; readonly look: AnswerLook };

function MarkedMarkdown({ text, against, look }: Compared) {
  const tree = markdownDiff(against.text, text);
  if (tree === null) return <MarkedPlain text={text} against={against} look={look} />;
  if (tree.shared < LITTLE_SHARED && !look.marksAll)
    return <Unmarked text={text} against={against} look={look} shared={tree.shared} />;
  return (
    <>
      <div class="md">
        <MarkdownNodes nodes={tree.nodes} />
      </div>
      {tree.same && <p class="remark">The same words as {against.name}, set otherwise.</p>}
    </>
  );
}

function MarkedPlain({ text, against, look }: Compared) {
  const { shared } = plainDiff(against.text, text);
  if (shared < LITTLE_SHARED && !look.marksAll)
    return <Unmarked text={text} against={against} look={look} shared={shared} />;
  return <TextDiff from={against.text} to={text} />;
}

function Unmarked({ text, against, look, shared }: Compared & { readonly shared: number }) {
  return (
    <>
      <Plain text={text} look={look} />
      <p class="remark">
        {shared < 0.01 ? 'No words' : `Only ${formatPercent(shared, 1)} of the words`} in common with{' '}
        {against.name}: not marked.{' '}
        {look.onMarkAll !== undefined && (
          <button type="button" class="linkish" onClick={look.onMarkAll}>
            Mark them
          </button>
        )}
      </p>
    </>
  );
}
