import type { Random } from '../random.ts';
import type { Mutation } from './mutation.ts';

const snippets = [
  ...['{', '}', '[', ']', '"', ',', ':', '<', '</', '>', '&', '%', '=', '.', '\\', '\u0000', '\r\n', '\uFEFF', '�'],
  ...['__proto__', 'null', 'true', '1e999', '-1', 'member', '<!DOCTYPE a>', '&#x0;', '\\ud800', '"":', '0x10', '𝒳'],
];

/** Cuts, inserts and flips in the bytes of the body, whatever they mean. */
export const bodyBytes: Mutation = {
  layer: 'body bytes',
  mutate(request, random) {
    if (request.body.length === 0) return undefined;
    let body = request.body;
    for (let count = 1 + random.below(3); count > 0; count--) body = broken(body, random);
    return { ...request, body };
  },
};

function broken(body: Buffer, random: Random): Buffer {
  const at = random.below(body.length + 1);
  switch (random.below(5)) {
    case 0:
      return Buffer.concat([body.subarray(0, at), Buffer.from(random.pick(snippets)), body.subarray(at)]);
    case 1:
      return Buffer.concat([body.subarray(0, at), body.subarray(at + 1 + random.below(12))]);
    case 2:
      return body.subarray(0, at);
    case 3:
      return Buffer.concat([body.subarray(0, at), body.subarray(Math.max(0, at - random.below(30)))]);
    default: {
      const flipped = Buffer.from(body);
      if (flipped.length > 0) flipped[at % flipped.length] = random.below(256);
      return flipped;
    }
  }
}
