import { rowTest } from '../rig/row.ts';
import { row } from './hostile-json.ts';

rowTest(row);
