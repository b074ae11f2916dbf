import { rowTest } from '../rig/row.ts';
import { row } from './edited-meanwhile.ts';

rowTest(row);
