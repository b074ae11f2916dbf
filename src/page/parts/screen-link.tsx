// A link to a screen: an address that can be copied and opened in a tab of its own, and no new load of the page.
import type { ScreenName } from '../../screens/screen.ts';
import type { ComponentChildren } from '../base/preact.ts';
import { addressOf, go } from '../base/route.ts';

export function ScreenLink({
  screen,
  query,
  children,
  ...given
}: {
  readonly screen: ScreenName;
  readonly query: URLSearchParams;
  readonly children: ComponentChildren;
  readonly class?: string;
  readonly title?: string;
}) {
  return (
    <a
      {...given}
      href={addressOf({ screen, query })}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button !== 0) return;
        event.preventDefault();
        go({ screen, query });
      }}
    >
      {children}
    </a>
  );
}

export function ScenarioLink({ scenario }: { readonly scenario: string }) {
  return (
    <ScreenLink screen="scenario" query={new URLSearchParams({ scenario })}>
      {scenario}
    </ScreenLink>
  );
}
