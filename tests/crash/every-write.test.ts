import { rowTest } from '../rig/row.ts';
import { row } from './every-write.ts';

rowTest(row);
