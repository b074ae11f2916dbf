import { rowTest } from '../rig/row.ts';
import { row } from './langsmith-kill.ts';

rowTest(row);
