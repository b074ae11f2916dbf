import { rowTest } from '../rig/row.ts';
import { row } from './stopped-processes.ts';

rowTest(row);
