// Commands as they are declared -> data. Whatever is said of them is made of it, elsewhere.
import type { DeclaredCommand } from '../../core/declared-command.ts';
import { type Command, help } from '../base.ts';

export function declaredOf(command: Command): DeclaredCommand {
  const shown = help(command);
  return {
    name: command.name(),
    about: command.description(),
    // Read when it is asked for: each knows the other.
    get parent() {
      return command.parent && declaredOf(command.parent);
    },
    get commands() {
      return command.commands.map(declaredOf);
    },
    options: command.options.map(({ flags, long = null, short = null, required, argChoices = null }) => {
      return { flags, long, short, takesValue: required, choices: argChoices };
    }),
    arguments: command.registeredArguments.map((argument) => {
      return { name: argument.name(), isVariadic: argument.variadic, choices: argument.argChoices ?? null };
    }),
    shown: {
      commands: shown
        .visibleCommands(command)
        .map((each) => ({ name: each.name(), about: each.description() })),
      options: shown.visibleOptions(command).flatMap(({ long, short, description }) => {
        const name = long ?? short;
        return name ? [{ name, about: description }] : [];
      }),
    },
  };
}
