import { rowTest } from '../rig/row.ts';
import { row } from './torn-tail.ts';

rowTest(row);
