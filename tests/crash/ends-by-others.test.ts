import { rowTest } from '../rig/row.ts';
import { row } from './ends-by-others.ts';

rowTest(row);
