// What of the verdicts is kept, and where: never called saved before whoever keeps it has said so.
import type { Reading, SaveState } from './reading.ts';

export function SaveSign({ reading }: { readonly reading: Reading }) {
  const state = reading.state.value;
  if (state.kind === 'failed')
    return (
      <p role="alert" class="notice bad review-unsaved">
        Card {reading.screen.cards.findIndex(({ card }) => card === state.card) + 1}: {state.message}
        <button type="button" class="btn" onClick={() => reading.again()}>
          Try again
        </button>
      </p>
    );
  return (
    <>
      <p role="status" class={`review-sign review-sign-${state.kind}`}>
        {wordsOf(state)}
      </p>
      <Download reading={reading} />
    </>
  );
}

function wordsOf(state: Exclude<SaveState, { kind: 'failed' }>): string {
  switch (state.kind) {
    case 'nothing':
      return '';
    case 'downloaded':
      return '✓ downloaded: hand the file to whoever runs the review';
    case 'saving':
      return 'saving …';
    case 'taken-back':
      return 'taken back: this card is open again';
    default:
      return SAVED[state.where];
  }
}

const SAVED = {
  disk: '✓ saved',
  browser: '✓ kept in this browser until you download',
  page: 'kept only while this page is open: this browser keeps nothing. Download before you close it',
} as const;

export function Download({ reading }: { readonly reading: Reading }) {
  const { file } = reading.keeper;
  if (file === null || reading.verdicts.value.size === 0) return null;
  return (
    <button type="button" class="btn" onClick={() => void file.download().then(() => reading.downloaded())}>
      {file.undownloaded() === 0 ? 'Download again' : 'Download verdicts'}
    </button>
  );
}
