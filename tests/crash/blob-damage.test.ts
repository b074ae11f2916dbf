import { rowTest } from '../rig/row.ts';
import { row } from './blob-damage.ts';

rowTest(row);
