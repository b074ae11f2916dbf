// What browsers are told with every answer: no script but ours, no address but ours, nobody else's frame.

/** Texts of models are only ever text; where that failed, nothing of them could run or call home. */
const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  // Files of inputs: the page asks for each with its token, and shows what it got.
  "img-src 'self' blob:",
  'media-src blob:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** What was said of an experiment is nobody's to keep: of another one it is wrong, and on a shared machine it is read. */
export const UNKEPT = 'no-store';
/** The page itself: asked for again with its etag. */
export const ASK_AGAIN = 'no-cache';
