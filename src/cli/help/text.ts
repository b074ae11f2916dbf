// A topic of `expgraph help`, with the options as they are declared.
import { exitRows } from '../../project/help/exit-codes.ts';
import { errorRows } from '../../project/help/failures.ts';
import { fieldRows } from '../../project/help/manifest-fields.ts';
import { topicText as textOf } from '../../report/help/topic-text.ts';
import type { Topic } from '../../report/help/topics.ts';
import { Program, withFilters } from '../base.ts';

export function topicText(topic: Topic): string {
  switch (topic) {
    case 'errors':
      return textOf({ topic, failures: errorRows() });
    case 'exit-codes':
      return textOf({ topic, rows: exitRows().map(({ code, means }) => [`${code}`, means]) });
    case 'manifest':
      return textOf({ topic, rows: fieldRows().map(({ field, means }) => [field, means]) });
    case 'filters': {
      // In the order of --help.
      const filters = withFilters(new Program()).options.filter(({ long }) => long !== '--file');
      return textOf({ topic, rows: filters.map(({ flags, description }) => [flags, description]) });
    }
  }
}
