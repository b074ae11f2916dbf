// What a thread of own code runs: as thread.ts, one order at a time, with whatever the module does kept to itself.
import { enableCompileCache } from 'node:module';
import { keepToItself } from './own-thread.ts';
import { serveOrders } from './serve.ts';

enableCompileCache();
keepToItself();

export default serveOrders();
