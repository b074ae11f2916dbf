import { rowTest } from '../rig/row.ts';
import { row } from './provider-429.ts';

rowTest(row);
