import { rowTest } from '../rig/row.ts';
import { row } from './clock-jumps.ts';

rowTest(row);
