import { rowTest } from '../rig/row.ts';
import { row } from './few-files.ts';

rowTest(row);
