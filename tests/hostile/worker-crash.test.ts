import { rowTest } from '../rig/row.ts';
import { row } from './worker-crash.ts';

rowTest(row);
