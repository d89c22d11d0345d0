import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { ArtifactFiles } from '../artifacts.ts';
import { isExcluded } from './excluded.ts';
import type { Severity } from './declaration.ts';
import type { Finding, Scanned } from './finding.ts';
import { isBinary, textOf } from './text-of.ts';

/** Files past this size are no source; they are named in the report. */
const largestFileBytes = 5_000_000;

/** Looks for secrets in every text file (secretlint's recommended rules). Excluded paths and binary files are left out. */
export async function scanForSecrets(
  files: ArtifactFiles,
  exclude: readonly string[],
  signal: AbortSignal,
): Promise<Scanned> {
  const findings: Finding[] = [];
  const unchecked: string[] = [];
  let scannedCount = 0;
  for (const [path, content] of files) {
    signal.throwIfAborted();
    if (isExcluded(path, exclude) || isBinary(content)) continue;
    if (content.length > largestFileBytes) {
      unchecked.push(`${path} is too large`);
      continue;
    }
    scannedCount += 1;
    findings.push(...(await findSecrets(path, textOf(content))));
  }
  const seen: Scanned = { scanner: 'secrets', findings, scannedCount, unchecked };
  return scannedCount > 0 ? seen : { ...seen, error: { type: 'ConfigurationError', message: nothingIn(files) } };
}

function nothingIn({ size }: ArtifactFiles): string {
  const what =
    size === 0 ? 'the source is empty' : `of ${size} files none is a text that is neither excluded nor too large`;
  return `${what}; check exclude, and that the artifact is the source`;
}

async function findSecrets(path: string, content: string): Promise<Finding[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content, ext: extension(path), contentType: 'text' },
    options: {
      maskSecrets: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return messages.map(({ ruleId, messageId, severity, loc }) => {
    // The rule's own message may quote what it found; its name says enough.
    const rule = `${ruleId.replace('@secretlint/secretlint-rule-', '')}/${messageId}`;
    return {
      scanner: 'secrets',
      rule,
      aliases: [],
      severity: severityOf[severity],
      title: `possible secret (${rule})`,
      subject: path,
      within: [path],
      location: { path, line: loc.start.line },
      fixedIn: [],
      isCertain: true,
    };
  });
}

const severityOf: Readonly<Record<'error' | 'warning' | 'info', Severity>> = {
  error: 'critical',
  warning: 'medium',
  info: 'info',
};

function extension(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}
