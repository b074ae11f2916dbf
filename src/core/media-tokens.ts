// How many tokens a file takes, roughly, before anybody counted: by the rules that vendors publish for pictures. Of a PDF and of a
// sound nothing here knows how long they are. Pure.
import type { MediaPart } from './media.ts';
import type { ProviderType } from './providers/table.ts';

/** Whose rule: that of OpenAI is taken for whoever has none of his own. */
export type TokenRule = 'openai' | 'anthropic' | 'google';

export function tokenRuleOf(type: ProviderType): TokenRule {
  if (type === 'anthropic' || type === 'bedrock') return 'anthropic';
  return type === 'google' ? 'google' : 'openai';
}

/** null = not known; never 0. */
export function mediaTokens({ type, width, height }: MediaPart, rule: TokenRule): number | null {
  if (type !== 'image' || width === undefined || height === undefined) return null;
  return PICTURE[rule](width, height);
}

/** For budgets, on the high side: a page of a PDF for each 4 kB, the rest by what sounds of the lowest rate take. */
export function mediaTokensAtMost({ type, bytes }: MediaPart): number {
  if (type === 'pdf') return Math.max(PICTURE_AT_MOST, Math.ceil(bytes / 4_000) * PAGE_TOKENS);
  return type === 'audio' ? Math.max(PICTURE_AT_MOST, Math.ceil(bytes / SOUND_BYTES)) : PICTURE_AT_MOST;
}

/** Whatever its size: each vendor makes large ones smaller. */
const PICTURE_AT_MOST = 2_000;
/** https://docs.claude.com/en/docs/build-with-claude/pdf-support: 1,500 to 3,000 of text, and a picture of the page. */
const PAGE_TOKENS = 3_000;
/** 32 tokens a second (Gemini; OpenAI: 10) of an MP3 of 32 kbit/s. */
const SOUND_BYTES = 125;

const PICTURE: { readonly [rule in TokenRule]: (width: number, height: number) => number } = {
  /** 85, and 170 for each tile of 512, in 2048 x 2048 and 768 on the short side: https://platform.openai.com/docs/guides/images-vision */
  openai(width, height) {
    const fit = Math.min(1, 2048 / Math.max(width, height));
    const shrink = Math.min(1, 768 / (Math.min(width, height) * fit)) * fit;
    return 85 + 170 * tiles(width * shrink, 512) * tiles(height * shrink, 512);
  },
  /** A token for 750 pixels, 1568 on the long side, 1,600 at most: https://docs.claude.com/en/docs/build-with-claude/vision */
  anthropic(width, height) {
    const shrink = Math.min(1, 1568 / Math.max(width, height));
    return Math.min(1_600, Math.ceil((width * shrink * height * shrink) / 750));
  },
  /** 258, or 258 for each tile of 768 where a side is longer than 384: https://ai.google.dev/gemini-api/docs/tokens */
  google(width, height) {
    return width <= 384 && height <= 384 ? 258 : 258 * tiles(width, 768) * tiles(height, 768);
  },
};

/** Half a pixel more is no tile more. */
function tiles(pixels: number, size: number): number {
  return Math.max(1, Math.ceil((pixels - 0.5) / size));
}
