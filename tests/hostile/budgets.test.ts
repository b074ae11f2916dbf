import { rowTest } from '../rig/row.ts';
import { row } from './budgets.ts';

rowTest(row);
