import { rowTest } from '../rig/row.ts';
import { row } from './reader-during-writer.ts';

rowTest(row);
