import { rowTest } from '../rig/row.ts';
import { row } from './index-lost.ts';

rowTest(row);
