import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../../shared/config.ts';
import { releaseIdOf, releaseIdPattern, type CauseIdentity } from '../../../shared/events/release-id.ts';

const causes: fc.Arbitrary<CauseIdentity> = fc.oneof(
  fc.record({
    kind: fc.constant('signed' as const),
    provider: fc.constantFrom('github', 'gitlab'),
    bytes: fc.uint8Array(),
  }),
  fc.record({
    kind: fc.constant('delivery' as const),
    provider: fc.constantFrom('github', 'quay'),
    deliveryId: fc.uuid(),
  }),
  fc.record({
    kind: fc.constant('schedule' as const),
    schedule: fc.constantFrom('a', 'b'),
    scheduledAt: fc.constantFrom('1', '2'),
  }),
  fc.record({ kind: fc.constant('command' as const), requestId: fc.uuid() }),
);

describe('a release id', () => {
  it("fits CodePipeline's idempotency token, and is the same for the same cause only", () => {
    fc.assert(
      fc.property(causes, causes, (one, other) => {
        expect(releaseIdOf(one)).toMatch(releaseIdPattern);
        expect(releaseIdOf(one)).toMatch(/^[a-zA-Z0-9-]{1,128}$/);
        expect(releaseIdOf(one) === releaseIdOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});

describe('the configuration', () => {
  it('names every variable that is missing, and no value', () => {
    const read = () => readConfig(['SLIPWAY_TABLE', 'SLIPWAY_SERVICES_PREFIX'], { SLIPWAY_SERVICES_PREFIX: 'canary' });
    expect(read).toThrow(/SLIPWAY_TABLE.*SLIPWAY_SERVICES_PREFIX/);
    expect(read).not.toThrow(/canary/);
  });

  it('reads only what is asked for', () => {
    expect(
      readConfig(['SLIPWAY_BUS', 'SLIPWAY_NOTIFY_WEBHOOK_URL'], { SLIPWAY_BUS: 'bus', SLIPWAY_TABLE: '' }),
    ).toEqual({ SLIPWAY_BUS: 'bus' });
  });
});
