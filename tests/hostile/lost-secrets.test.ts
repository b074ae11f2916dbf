import { rowTest } from '../rig/row.ts';
import { row } from './lost-secrets.ts';

rowTest(row);
