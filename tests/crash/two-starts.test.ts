import { rowTest } from '../rig/row.ts';
import { row } from './two-starts.ts';

rowTest(row);
