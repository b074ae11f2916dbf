import { rowTest } from '../rig/row.ts';
import { row } from './provider-garbage.ts';

rowTest(row);
