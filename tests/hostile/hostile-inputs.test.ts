import { rowTest } from '../rig/row.ts';
import { row } from './hostile-inputs.ts';

rowTest(row);
