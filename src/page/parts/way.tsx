// A link to another screen: a click stays on this page, and Ctrl, Shift or the middle button do what they do to any link.
import type { ScreenName } from '../../screens/screen.ts';
import type { ComponentChildren } from '../base/preact.ts';
import { addressOf, go } from '../base/route.ts';

export function Way(props: {
  readonly screen: ScreenName;
  readonly query: URLSearchParams;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
}) {
  const { screen, query, children, title } = props;
  return (
    <a
      class={props.class}
      title={title}
      href={addressOf({ screen, query })}
      onClick={(event) => {
        if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        go({ screen, query });
      }}
    >
      {children}
    </a>
  );
}
