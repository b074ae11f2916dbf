import { rowTest } from '../rig/row.ts';
import { row } from './stops-in-loops.ts';

rowTest(row);
