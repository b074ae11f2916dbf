// The words of a shell script that are written out, command by command. No shell is started, and nothing is expanded.

export type ShellCommand = {
  readonly words: readonly string[];
  /** Set before it, on its line. */
  readonly env: { readonly [name: string]: string };
};

export function shellCommands(script: string): readonly ShellCommand[] {
  const inner: string[] = [];
  // What stands in $( ) is a command of its own; where it stands, it is a text that nobody knows.
  const plain = script.replace(/\\\r?\n/g, ' ').replace(/\$\(([^()]*)\)|`([^`]*)`/g, (_, a, b) => {
    inner.push(a ?? b ?? '');
    return '$_';
  });
  return [plain, ...inner].flatMap((text) =>
    commandsOf(text)
      .map(split)
      .filter(({ words }) => words.length > 0),
  );
}

function commandsOf(text: string): readonly (readonly string[])[] {
  const commands: string[][] = [[]];
  const token =
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|(#[^\n]*)|([;&|()\n{}]+)|([ \t\r]+)|((?:[^\s"'#;&|()\\{}$]|\\.|\$\{[^}]*\}|\$|(?<=\S)#)+)/gs;
  let isJoined = false;
  for (const [, double, single, comment, end, space, bare] of text.matchAll(token)) {
    const words = commands.at(-1)!;
    if (end !== undefined) commands.push([]);
    const written = double ?? single ?? bare;
    if (comment === undefined && written !== undefined) {
      // "$DIR"/x.sh is one word of two pieces.
      if (isJoined && words.length > 0) words.push(words.pop()! + written);
      else words.push(written);
    }
    isJoined = written !== undefined && space === undefined && end === undefined;
  }
  return commands;
}

const KEYWORDS = new Set([
  'if',
  'then',
  'else',
  'elif',
  'do',
  'while',
  'until',
  'exec',
  'time',
  '!',
  'eval',
  'command',
  'export',
]);

function split(words: readonly string[]): ShellCommand {
  const env: Record<string, string> = {};
  let n = 0;
  for (; n < words.length; n++) {
    const set = /^([A-Za-z_]\w*)=(.*)$/s.exec(words[n]!);
    if (set) env[set[1]!] = set[2]!;
    else if (!KEYWORDS.has(words[n]!)) break;
  }
  return { env, words: words.slice(n).map(withoutVariables) };
}

/** "$HERE/lib.sh" lies wherever that is: what follows is looked for beside the script and where it starts. */
function withoutVariables(word: string): string {
  return word.replace(/^(?:\$\{[^}]*\}|\$\w+)\/+/, '');
}
