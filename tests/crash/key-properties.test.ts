import { rowTest } from '../rig/row.ts';
import { row } from './key-properties.ts';

rowTest(row);
