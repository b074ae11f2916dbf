import { makeMemoryStore } from '../../src/cache/memory.ts';
import { storeContract } from '../contract/store.ts';

storeContract('memory', () => makeMemoryStore({ origin: () => null }));
