// Tests in a real browser: one Chromium a test file, a context of its own for each visit, and a list of all that went wrong
// in it. Such tests lie in tests/page or tests/viewer, which are typed with what a browser has (document, window). Without
// Chromium the file is left out, and with CI=true it fails for that reason.
import { afterAll, beforeAll, describe, onTestFinished, test } from 'vitest';
import {
  type Browser,
  type BrowserContextOptions,
  findChromium,
  launchChromium,
  type Page,
} from './chromium.ts';

export type { Page };

export type Visited = {
  readonly page: Page;
  /**
   * Errors of scripts, lines of the console that are errors (what the CSP refused stands there), dialogs, requests that failed
   * and requests to any other host than the page's. A test ends with `expect(troubles).toEqual([])`, and names those it wants.
   */
  readonly troubles: readonly string[];
  /** Addresses that were asked for, in order. */
  readonly requests: readonly string[];
};

/** Opens an address in a context of its own; closed when the test ends. 1280 x 800 unless said otherwise. */
export type Visit = (url: string, options?: BrowserContextOptions) => Promise<Visited>;

/** A phone, as `visit(url, PHONE)`. */
export const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
};

/** What `describe` is to other tests. One a file: it starts the browser. */
export function inBrowser(name: string, tests: (visit: Visit) => void): void {
  const program = findChromium();
  if (program === null) {
    const why = 'Chromium is missing: apt-get install chromium';
    if (process.env.CI === 'true') {
      test(name, () => {
        throw new Error(why);
      });
      return;
    }
    process.stderr.write(`left out: ${name}: ${why}\n`);
    describe.skip(`${name} (left out: ${why})`, () => tests(notHere));
    return;
  }
  describe(name, () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await launchChromium(program);
    });
    afterAll(async () => browser.close());
    tests(async (url, options) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      onTestFinished(async () => context.close());
      const page = await context.newPage();
      const watched = watch(page, url);
      await page.goto(url);
      return { page, ...watched };
    });
  });
}

const notHere: Visit = async () => {
  throw new Error('there is no browser');
};

function watch(page: Page, url: string): Pick<Visited, 'troubles' | 'requests'> {
  const troubles: string[] = [];
  const requests: string[] = [];
  const { origin } = new URL(url);
  page.on('pageerror', (error) => troubles.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') troubles.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    requests.push(request.url());
    const to = new URL(request.url());
    const stays = to.origin === origin || to.protocol === 'blob:' || to.protocol === 'data:';
    if (!stays) troubles.push(`leaves: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    // What a page that is left, or a screen that is changed, no longer waits for has not failed.
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED') troubles.push(`failed: ${request.url()}: ${why}`);
  });
  return { troubles, requests };
}
