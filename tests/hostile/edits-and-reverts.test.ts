import { rowTest } from '../rig/row.ts';
import { row } from './edits-and-reverts.ts';

rowTest(row);
