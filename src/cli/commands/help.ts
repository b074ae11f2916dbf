// expgraph help: the commands, one of them, or a topic that belongs to no command.

import { nearest } from '../../core/nearest.ts';
import { CommandError } from '../../project/open/command-error.ts';
import { commandMeant, nameOf } from '../../report/help/mistyped.ts';
import { isTopic, TOPICS } from '../../report/help/topics.ts';
import type { Command } from '../base.ts';
import { declaredOf } from '../help/declared.ts';
import type { Io } from '../io.ts';

/** @param words a topic, or a command with the name of one below it */
export async function helpCommand(io: Io, program: Command, words: readonly string[]): Promise<number> {
  const [first = null] = words;
  if (isTopic(first)) {
    const { topicText } = await import('../help/text.ts');
    io.out.write(topicText(first));
    return 0;
  }
  let of = program;
  for (const word of words) {
    const next = of.commands.find((command) => command.name() === word);
    if (!next) {
      const meant = nearest(word, Object.keys(TOPICS)) ?? commandMeant(declaredOf(of), word);
      const guess = meant === null ? '.' : `; did you mean ${meant}?`;
      throw new CommandError(
        `${nameOf(declaredOf(of))} has no command ${JSON.stringify(word)}, and there is no such topic${guess} Topics: ${Object.keys(TOPICS).join(', ')}`,
      );
    }
    of = next;
  }
  of.outputHelp();
  return 0;
}
