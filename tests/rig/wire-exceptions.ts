// Where a key and what is sent part, on purpose. Each line is a decision: docs/keys.md says it to users.
export type Exception = {
  /** `loop/0`, `scorer judge/1`. */
  readonly place: RegExp;
  /** The name of a mutation. */
  readonly edit: RegExp;
  /** Which of both moves while the other stays. */
  readonly moves: 'key' | 'wire';
  readonly why: string;
};

export const EXCEPTIONS: readonly Exception[] = [
  {
    ...{ place: /\/0$/, edit: /the tools of a scenario are those of the arm/, moves: 'key' },
    why: "tools of a scenario and tools of an arm are two things, though they may be the same list; and an arm's own count for all of its scenarios",
  },
  {
    ...{ place: /./, edit: /\bsalt = "s"/, moves: 'key' },
    why: 'a salt reaches nobody: it is written in order to draw again',
  },
  {
    ...{ place: /./, edit: /\bpass_env = /, moves: 'wire' },
    why: 'variables that are passed on by name are credentials and the machine: a renewed key must cost nothing',
  },
  {
    ...{ place: /^(?:loop|responses|served)/, edit: /max_turns = /, moves: 'key' },
    why: 'how far a conversation may go: whether a model goes that far, its answers decide',
  },
  {
    ...{ place: /^(?:loop|served)/, edit: /result = |tool_results|vars\/(?:shape|spot)/, moves: 'key' },
    why: 'which of the results is asked for, the model decides: all that may be told count, and what they read',
  },
  {
    ...{ place: /^module/, edit: /max_turns = |result = /, moves: 'key' },
    why: "whether a module converses by itself is known when it is loaded; expgraph's own loop reads both",
  },
  {
    ...{ place: /^module/, edit: /provider = |api = /, moves: 'key' },
    why: 'an account is one thing for everybody who asks it: its API is not told to a module',
  },
  {
    ...{ place: /^(?:program|stream)/, edit: /headers = /, moves: 'key' },
    why: 'an account is one thing for everybody who asks it: its headers are not told to a program',
  },
  {
    ...{ place: /^(?:prompt|loop|responses|served)/, edit: /input = \[/, moves: 'key' },
    why: 'a text and a conversation of one message may render alike: they are two inputs',
  },
  {
    ...{ place: /./, edit: /template/, moves: 'key' },
    why: 'a template counts by its text and not by what it makes of one scenario',
  },
  {
    ...{ place: /^responses|judge/, edit: /seed/, moves: 'key' },
    why: 'the responses API takes no seed',
  },
  {
    ...{ place: /^responses|judge/, edit: /the other way round|\/name = "Ann"/, moves: 'key' },
    why: 'messages are put into another form for the responses API, which has an order of its own',
  },
  {
    ...{ place: /^responses/, edit: /strict|parameters/, moves: 'key' },
    why: 'the responses API is told a default where nothing is written',
  },
  {
    ...{ place: /^served/, edit: /server is of another version/, moves: 'key' },
    why: 'who answers the calls: what a model is told of them hangs on it',
  },
  {
    place: /^tests/,
    edit: /^(?!providers|scorers).*\b(?:system|template|tools?|max_turns|max_output_tokens|scenarios\/|defaults|scenario|for all)\b/,
    moves: 'key',
    why: 'tests are told the id of a scenario, and read the rest from the files that the manifest has it from',
  },
  {
    ...{ place: /^tests/, edit: /\b(?:model|params|seed|temperature)\b/, moves: 'wire' },
    why: 'settings of the manifest are told by the fixture "expgraph" alone: where no test asks for it they are a label',
  },
  {
    ...{ place: /^tests/, edit: /pytest\/(?:args|scenario_param) = |edit of tests\//, moves: 'wire' },
    why: 'which tests are run, what a scenario is called and a comment change nothing of what a test does',
  },
];
