// What an endpoint turned out to need: said once, with the line that saves the refusals from the next run on.
import type { Lesson } from '../../core/endpoint-settings.ts';
import type { Task } from '../../core/task.ts';
import type { Emit } from '../open/emit.ts';

/** Each worker finds out for itself; it is said once all the same. */
export function tellLessons(
  emit: Emit,
  providerNameOf: (task: Task) => string,
): (task: Task, lessons: readonly Lesson[]) => void {
  const told = new Set<string>();
  return (task, lessons) => {
    for (const { message, line, of } of lessons) {
      if (told.has(of ?? message)) continue;
      told.add(of ?? message);
      if (of === 'pytest') {
        const hint = `write under pytest: ${line}`;
        emit({ kind: 'diagnostic', severity: 'note', code: 'answers-found', message, hint });
        continue;
      }
      emit({
        kind: 'diagnostic',
        severity: 'warning',
        code: 'endpoint-needs',
        message,
        hint: `write under providers.${providerNameOf(task)}: ${line}`,
      });
    }
  };
}
