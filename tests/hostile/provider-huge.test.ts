import { rowTest } from '../rig/row.ts';
import { row } from './provider-huge.ts';

rowTest(row);
