import { rowTest } from '../rig/row.ts';
import { row } from './provider-silent.ts';

rowTest(row);
