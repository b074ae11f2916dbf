// "1,234": a thousand and some to whoever writes English, one and some to most of Europe. What settles it, and what does not.

/** What ends in three digits behind one mark: a group, or decimals. */
const EITHER = /^[1-9]\d{0,2}([.,])\d{3}(?=$|[^\d.,'_\u2396])/;

/** The mark of a number that somebody else would read otherwise; null = nobody would. */
export function eitherMark(body: string): '.' | ',' | null {
  return (EITHER.exec(body)?.[1] as '.' | ',' | undefined) ?? null;
}

/** Written before their amounts, with groups by commas and never three decimals. A euro is written by all. */
const MONEY = /(?:[$£₹¥₩₦₪₱]|\b(?:USD|GBP|INR|AUD|CAD|NZD|SGD|HKD|JPY|CNY|KRW|MXN)|\bRs\.?) ?[-+]?$/u;

/** Of no language that writes decimals with a comma. */
const ENGLISH =
  /(?<![\p{L}\p{M}])(?:the|and|are|were|that|this|these|there|with|from|which|would|should|have|answer|answers|approximately|about|around|roughly|nearly|exactly|equals|therefore|people|years|days|hours|miles|feet|dollars|items|it(?:['’]s| is))(?![\p{L}\p{M}])/iu;

/** Looked at on either side: what is further away speaks of something else. */
const NEAR = 2_000;

/** Whether a number with one comma is in the midst of English, or an amount of money that is written so. */
export function groupsByComma(text: string, { start, end }: { start: number; end: number }): boolean {
  const before = text.slice(Math.max(0, start - NEAR), start);
  return MONEY.test(before.slice(-8)) || ENGLISH.test(before) || ENGLISH.test(text.slice(end, end + NEAR));
}
