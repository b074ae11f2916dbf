import { rowTest } from '../rig/row.ts';
import { row } from './provider-500s.ts';

rowTest(row);
