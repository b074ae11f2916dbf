import { rowTest } from '../rig/row.ts';
import { row } from './random-graph.ts';

rowTest(row);
