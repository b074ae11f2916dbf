import { rowTest } from '../rig/row.ts';
import { row } from './langsmith-faults.ts';

rowTest(row);
