import { rowTest } from '../rig/row.ts';
import { row } from './kill.ts';

rowTest(row);
