import { describe, expect, it } from 'vitest';
import securityScan from '../../../../shared/actions/security-scan/run.ts';
import { actionBench } from '../../../../shared/actions/testing/testing.ts';

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

  it.each(['utf16le', 'utf16be', 'utf8'] as const)(
    'finds a secret in a file that begins with a mark of %s',
    async (encoding) => {
      const text = `\ufeff# the bot\r\n$token = "${secret}"\r\n`;
      const script = encoding === 'utf16be' ? Buffer.from(text, 'utf16le').swap16() : Buffer.from(text, encoding);
      const { answers } = await actionBench(securityScan).deliver({ inputs: { Source: { 'deploy.ps1': script } } });
      expect(answers).toMatchObject([
        { answer: { kind: 'failed', type: 'JobFailed', message: expect.stringContaining('deploy.ps1:2') } },
      ]);
    },
  );

  it.each([
    ['is empty', {}, {}, /secrets: the source is empty; check exclude/],
    ['is excluded', { 'src/a.js': 'let a' }, { exclude: ['src'] }, /of 1 files none is a text/],
    ['is binary', { 'a.bin': Buffer.from([1, 0, 2]), 'b.bin': Buffer.from([0]) }, {}, /of 2 files none is a text/],
  ])('gives no all-clear for a source that %s', async (_what, files, parameters, message) => {
    const bench = actionBench(securityScan);
    const { answers } = await bench.deliver({ id: 'job-1', inputs: { Source: files }, parameters });
    expect(answers).toMatchObject([
      { answer: { kind: 'failed', type: 'ConfigurationError', message: expect.stringMatching(message) } },
    ]);
    const warned = await bench.deliver({
      ...{ id: 'job-2', inputs: { Source: files }, parameters: { ...parameters, onScannerError: 'warn' } },
    });
    expect(warned.answers).toMatchObject([
      {
        answer: { kind: 'succeeded', summary: expect.stringMatching(/^secrets not scanned; could not run: secrets: /) },
      },
    ]);
  });

  it('leaves out binary files beside the texts', async () => {
    const files = { 'a.js': 'let a', 'logo.png': Buffer.from([0x89, 0x50, 0x4e, 0x47, 0]) };
    const { answers } = await actionBench(securityScan).deliver({ inputs: { Source: files } });
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', outputs: { scannedFileCount: '1', uncheckedCount: '0' } } },
    ]);
  });

  it('lets pass what is excluded, allowed or below the threshold', async () => {
    const inputs = { Source: { 'a.js': 'let a', 'test/fixtures/a.js': `"${secret}"` } };
    const bench = actionBench(securityScan);
    const excluded = await bench.deliver({ id: 'job-1', inputs, parameters: { exclude: ['test/fixtures'] } });
    const allowed = await bench.deliver({ id: 'job-2', inputs, parameters: { allowedFindings: 1 } });
    expect(excluded.answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { findingCount: '0' } } }]);
    expect(allowed.answers).toMatchObject([{ answer: { kind: 'succeeded', outputs: { findingCount: '1' } } }]);
  });

  it('says which files were too large to be scanned', async () => {
    const { answers } = await actionBench(securityScan).deliver({
      inputs: { Source: { 'a.js': 'let a', 'big.txt': 'a'.repeat(5_000_001) } },
    });
    expect(answers).toMatchObject([
      { answer: { kind: 'succeeded', summary: expect.stringContaining('not checked: big.txt is too large') } },
    ]);
  });
});
