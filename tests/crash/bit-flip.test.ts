import { rowTest } from '../rig/row.ts';
import { row } from './bit-flip.ts';

rowTest(row);
