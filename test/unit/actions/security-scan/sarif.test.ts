import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Finding, Scanned } from '../../../../shared/actions/security-scan/finding.ts';
import type { Judged } from '../../../../shared/actions/security-scan/judge.ts';
import { toSarif } from '../../../../shared/actions/security-scan/sarif.ts';

const text = z.strictObject({ text: z.string().check(z.minLength(1)) });
const line = z.int().check(z.minimum(1));
const uri = z.string().check(z.regex(/^[A-Za-z0-9._~!'()*%/-]+$/));

/** One location, as SARIF 2.1.0 (sections 3.28 and 3.29) and GitHub ("SARIF support", physicalLocation object) want it. */
const location = z.strictObject({
  physicalLocation: z.strictObject({
    artifactLocation: z.strictObject({ uri }),
    region: z.strictObject({ startLine: line, startColumn: line, endLine: line, endColumn: line }),
  }),
  logicalLocations: z.optional(
    z.array(z.strictObject({ fullyQualifiedName: z.string(), kind: z.string() })).check(z.minLength(1)),
  ),
});

/** Section 3.27, and GitHub's result object. */
const result = z.strictObject({
  ruleId: z.string().check(z.minLength(1)),
  level: z.enum(['none', 'note', 'warning', 'error']),
  message: text,
  locations: z.array(location).check(z.length(1)),
  partialFingerprints: z.strictObject({ primaryLocationLineHash: z.string().check(z.regex(/^[0-9a-f]{16}:\d+$/)) }),
  properties: z.record(z.string(), z.unknown()),
  suppressions: z.optional(
    z.array(
      z.strictObject({
        kind: z.enum(['inSource', 'external']),
        status: z.enum(['accepted', 'underReview', 'rejected']),
        justification: z.string(),
      }),
    ),
  ),
});

/** Section 3.49, and GitHub's reportingDescriptor object: a file with more than 20 tags at a rule is refused. */
const rule = z.strictObject({
  id: z.string().check(z.minLength(1)),
  shortDescription: text,
  fullDescription: text,
  help: text,
  helpUri: z.optional(z.url()),
  properties: z.strictObject({
    tags: z.array(z.string()).check(z.maxLength(20)),
    'security-severity': z.optional(z.string().check(z.regex(/^\d\.\d$/))),
  }),
});

/** Section 3.20. */
const invocation = z.strictObject({
  executionSuccessful: z.boolean(),
  toolExecutionNotifications: z.array(z.strictObject({ level: z.enum(['note', 'warning', 'error']), message: text })),
});

/** Sections 3.13, 3.14 and 3.19; what is not named here is not written, so a property of our own making fails. */
const sarif = z.strictObject({
  $schema: z.literal('https://json.schemastore.org/sarif-2.1.0.json'),
  version: z.literal('2.1.0'),
  runs: z
    .array(
      z.strictObject({
        tool: z.strictObject({ driver: z.strictObject({ name: z.string(), rules: z.array(rule) }) }),
        results: z.array(result),
        invocations: z.array(invocation),
      }),
    )
    .check(z.length(1)),
});

const secret: Finding = {
  ...{ scanner: 'secrets', rule: 'slack/TOKEN', aliases: [], severity: 'critical', title: 'possible secret' },
  ...{ subject: 'src/a b#ü.js', within: ['src/a b#ü.js'], location: { path: 'src/a b#ü.js', line: 7 } },
  ...{ fixedIn: [], isCertain: true },
};
const advised: Finding = {
  ...secret,
  ...{ scanner: 'dependencies', rule: 'GHSA-1', severity: 'unknown', title: ' ', subject: 'lodash@1.0.0' },
  ...{ aliases: Array.from({ length: 30 }, (_, index) => `CVE-${index}`), fixedIn: ['1.0.1'], isCertain: false },
  location: { path: 'package-lock.json', line: 1 },
};
const inImage: Finding = {
  ...advised,
  ...{ scanner: 'image', rule: 'CVE-1', severity: 'info', subject: 'team/shop: openssl@3', aliases: ['CVE-1'] },
  location: { path: 'team/shop', line: 1 },
};
const judged = (finding: Finding, standing: Judged['standing'] = 'open'): Judged => ({
  ...{ finding, standing, counts: standing === 'open' },
  entry: standing === 'open' ? undefined : { finding: finding.rule, owner: 'team-shop', expires: '2026-01-31' },
});
const scanned: readonly Scanned[] = [
  { scanner: 'secrets', findings: [], scannedCount: 1, unchecked: ['big.txt is too large'] },
  { scanner: 'image', findings: [], scannedCount: 0, unchecked: [], error: { type: 'JobFailed', message: 'no scan' } },
];

describe('a SARIF report', () => {
  const half = { ...advised, rule: 'X-\ud800', location: { path: 'a\ud800/b', line: 1 } };
  const all = [secret, { ...secret, location: { ...secret.location, line: 9 } }, advised, inImage, half];

  it('has what the standard and code hosts ask for, whatever was found', () => {
    const report: unknown = JSON.parse(
      toSarif([...all.map((one) => judged(one)), judged(advised, 'allowed')], scanned),
    );
    expect(sarif.safeParse(report).error?.issues).toBeUndefined();
    expect(sarif.safeParse(JSON.parse(toSarif([], []))).error).toBeUndefined();
  });

  it('gives every finding a file: that of an image is its repository', () => {
    const { runs } = JSON.parse(toSarif([judged(secret), judged(inImage)], scanned));
    const places = runs[0].results.map((each: z.infer<typeof result>) => each.locations[0]?.physicalLocation);
    expect(places).toMatchObject([
      { artifactLocation: { uri: 'src/a%20b%23%C3%BC.js' }, region: { startLine: 7 } },
      { artifactLocation: { uri: 'team/shop' }, region: { startLine: 1 } },
    ]);
  });

  it('knows a finding again when its line has moved, and tells two of one file apart', () => {
    const prints = (...findings: Finding[]): string[] =>
      JSON.parse(
        toSarif(
          findings.map((one) => judged(one)),
          [],
        ),
      ).runs[0].results.map((each: z.infer<typeof result>) => each.partialFingerprints.primaryLocationLineHash);
    const moved = { ...secret, location: { ...secret.location, line: 70 } };
    expect(prints(secret)).toEqual(prints(moved));
    expect(new Set(prints(secret, moved, advised, inImage)).size).toBe(4);
  });
});
