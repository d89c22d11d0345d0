import { describe, expect, it } from 'vitest';
import securityScan from '../../../../shared/actions/security-scan/run.ts';
import { actionBench } from '../../../../shared/actions/testing.ts';

// Made up, and split so that this file itself holds no secret.
const secret = ['xoxb', '123456789012', '1234567890123', 'abcdefghijklmnopqrstuvwx'].join('-');

describe('security-scan', () => {
  it('passes a source without secrets and counts its files', async () => {
    const { answers } = await actionBench(securityScan).deliver({
      inputs: { Source: { 'index.html': '<p>hello</p>', 'a.js': 'let a' } },
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', outputs: { findingCount: '0', scannedFileCount: '2' } } },
    ]);
  });

  it('fails on a secret, naming file and line and never the secret', async () => {
    const files = { 'src/slack.js': `// the bot\nconst token = "${secret}";\n` };
    const { answers, outputs } = await actionBench(securityScan).deliver({
      inputs: { Source: files },
      outputs: ['Findings'],
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type: 'JobFailed', message: expect.stringContaining('src/slack.js:2') } },
    ]);
    const sarif = Buffer.from(outputs.get('Findings')?.get('findings.sarif') ?? []).toString();
    expect(JSON.parse(sarif)).toMatchObject({
      version: '2.1.0',
      runs: [
        {
          results: [
            {
              locations: [
                { physicalLocation: { artifactLocation: { uri: 'src/slack.js' }, region: { startLine: 2 } } },
              ],
            },
          ],
        },
      ],
    });
    expect(JSON.stringify(answers) + sarif).not.toContain(secret);
  });

  it('lets pass what is excluded, allowed or below the threshold', async () => {
    const inputs = { Source: { 'test/fixtures/a.js': `"${secret}"` } };
    const bench = actionBench(securityScan);
    const excluded = await bench.deliver({ id: 'job-1', inputs, parameters: { exclude: ['test/fixtures'] } });
    const allowed = await bench.deliver({ id: 'job-2', inputs, parameters: { allowedFindings: 1 } });
    expect(excluded.answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { findingCount: '0' } } }]);
    expect(allowed.answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { findingCount: '1' } } }]);
  });

  it('says which files were too large to be scanned', async () => {
    const { answers } = await actionBench(securityScan).deliver({
      inputs: { Source: { 'big.txt': 'a'.repeat(5_000_001) } },
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', summary: expect.stringContaining('not checked: big.txt is too large') } },
    ]);
  });
});
