import { rowTest } from '../rig/row.ts';
import { row } from './old-stores.ts';

rowTest(row);
