// The one door to picocolors: words for what a colour means, all of them plain where colour is off.
import picocolors from 'picocolors';

export type Colors = {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly note: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
};

export function makeColors(enabled: boolean): Colors {
  const { red, yellow, cyan, green, bold, dim } = picocolors.createColors(enabled);
  return {
    error: (text) => bold(red(text)),
    warning: (text) => bold(yellow(text)),
    note: cyan,
    good: green,
    bold,
    dim,
  };
}
