// What a run asks of temperature and seed is what reaches the wire.
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/json.ts';
import { samplingOf } from '../../src/variants/sampling.ts';
import { VARIANT } from '../rig/manifests.ts';

const asking = { ...VARIANT, temperature: 0.2, seed: 7 };
const framed = (body: JsonObject) => ({
  ...asking,
  frame: { version: '4.0.0', path: '/messages', headers: {}, body },
});

describe('what one run asks', () => {
  it('is the manifest’s temperature and a seed of its own where expgraph writes the request', () => {
    expect(samplingOf(asking, 3)).toEqual({ temperature: 0.2, seed: 9 });
    expect(samplingOf({ ...asking, seed: null }, 3)).toEqual({ temperature: 0.2, seed: null });
  });

  it('is no seed and no temperature where the package sends none', () => {
    expect(samplingOf(framed({ model: 'm', temperature: 0.2 }), 2)).toEqual({ temperature: 0.2, seed: null });
    expect(samplingOf(framed({ model: 'm', random_seed: 7 }), 2)).toEqual({ temperature: null, seed: 8 });
    const inside = { generationConfig: { temperature: 0.2, seed: 7 } };
    expect(samplingOf(framed(inside), 1)).toEqual({ temperature: 0.2, seed: 7 });
  });

  it('is not found in what is said and in what tools take', () => {
    const body = {
      messages: [{ seed: 7 }],
      tools: [{ input_schema: { properties: { temperature: 1, seed: 2 } } }],
    };
    expect(samplingOf(framed(body), 1)).toEqual({ temperature: null, seed: null });
  });
});
