// The keys that work where you are, in a dialog: `?` opens it, Escape or `?` closes it.
import { boundKeys, type KeyBinding } from '../base/keys.ts';
import { useEffect, useRef } from '../base/preact.ts';

export function Help({ screen, close }: { readonly screen: string; readonly close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  // What is of the screen stands before what is of all.
  const bound = boundKeys().toSorted((a, b) => Number(a.title !== null) - Number(b.title !== null));
  const groups = [...Map.groupBy(bound, ({ title }) => title ?? screen)];
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={close}
      onKeyDown={(event) => {
        if (event.key !== '?') return;
        event.preventDefault();
        dialog.current?.close();
      }}
      // Beside the dialog is its backdrop, which is the dialog itself.
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div class="help-in">
        <div class="help-head">
          <h2 id="help-title">Keys</h2>
          <button type="button" class="btn" onClick={() => dialog.current?.close()}>
            Close <kbd>Esc</kbd>
          </button>
        </div>
        <div class="help-groups">
          {groups.map(([title, found]) => (
            <section key={title}>
              <h3>{title}</h3>
              <dl>
                {rows(found.flatMap(({ bindings }) => bindings)).map(([does, keys]) => (
                  <div key={does}>
                    <dt>
                      {keys.map((key) => (
                        <kbd key={key}>{WRITTEN[key] ?? key}</kbd>
                      ))}
                    </dt>
                    <dd>{does}</dd>
                  </div>
                ))}
              </dl>
              {found.map(({ note }) => note !== null && <p key={note}>{note}</p>)}
            </section>
          ))}
        </div>
        <p class="muted">
          Long lists draw only what is seen of them, so the browser’s own search (Ctrl-F) finds no more than
          that: <kbd>/</kbd> searches all of it.
        </p>
      </div>
    </dialog>
  );
}

const WRITTEN: Readonly<Record<string, string>> = {
  ArrowDown: '↓',
  ArrowUp: '↑',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  PageDown: 'PgDn',
  PageUp: 'PgUp',
  ' ': 'Space',
};

/** Keys that do the same stand in one line; nine that pick by number are written as 1…9. */
function rows(bindings: readonly KeyBinding[]): readonly (readonly [string, readonly string[]])[] {
  return [...Map.groupBy(bindings, ({ does }) => does)].map(([does, found]) => {
    const keys = [...new Set(found.map(({ key }) => key))];
    const digits = keys.filter((key) => /^\d$/.test(key));
    if (digits.length < 4) return [does, keys];
    return [does, [...keys.filter((key) => !digits.includes(key)), `${digits[0]}…${digits.at(-1)}`]];
  });
}
