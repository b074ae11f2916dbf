// One character beyond ASCII makes V8 keep a whole file with two bytes for each, and Node encode it anew at each start to know
// it again.
import type { Plugin } from 'rolldown';

const BEYOND = /[^\x00-\x7f]/g;
const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Such a character in text, in a regular expression or in a name may as well be written as its escape. */
export function inAscii(): Plugin {
  return {
    name: 'in-ascii',
    renderChunk: (code) =>
      code
        // Which stays an escape where text is raw.
        .replace(/\bString\.raw`[^`]*`/g, (raw) => raw.replace(BEYOND, (unit) => `\${'${escaped(unit)}'}`))
        .replace(BEYOND, escaped),
  };
}
