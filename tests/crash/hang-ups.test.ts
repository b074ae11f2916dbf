import { rowTest } from '../rig/row.ts';
import { row } from './hang-ups.ts';

rowTest(row);
