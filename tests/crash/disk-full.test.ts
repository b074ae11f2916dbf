import { rowTest } from '../rig/row.ts';
import { row } from './disk-full.ts';

rowTest(row);
