import { rowTest } from '../rig/row.ts';
import { row } from './provider-drips.ts';

rowTest(row);
