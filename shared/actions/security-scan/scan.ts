import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';
import type { ArtifactFiles } from '../artifacts.ts';

/** How bad a finding is, worst first. */
export const severities = ['error', 'warning', 'info'] as const;

/** One of `severities`. */
export type Severity = (typeof severities)[number];

/** A secret that was found: where, and of which kind. It never holds the secret. */
export interface Finding {
  /** Path in the artifact. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The rule that found it, e.g. `aws/AWSSecretAccessKey`. */
  readonly rule: string;
  readonly severity: Severity;
}

/** What a scan saw. */
export interface ScanReport {
  readonly findings: readonly Finding[];
  readonly scannedFileCount: number;
  /** Files that were too large to be read as text, and so were not looked at. */
  readonly tooLarge: readonly string[];
}

/** Files past this size are no source; they are named in the report. */
const largestFileBytes = 5_000_000;

/** Looks for secrets in every text file (secretlint's recommended rules). Excluded paths and binary files are left out. */
export async function scan(files: ArtifactFiles, exclude: readonly string[], signal: AbortSignal): Promise<ScanReport> {
  const findings: Finding[] = [];
  const tooLarge: string[] = [];
  let scannedFileCount = 0;
  for (const [path, content] of files) {
    signal.throwIfAborted();
    if (isExcluded(path, exclude) || isBinary(content)) continue;
    if (content.length > largestFileBytes) {
      tooLarge.push(path);
      continue;
    }
    scannedFileCount += 1;
    findings.push(...(await findSecrets(path, Buffer.from(content).toString('utf8'))));
  }
  return { findings, scannedFileCount, tooLarge };
}

function isExcluded(path: string, exclude: readonly string[]): boolean {
  return exclude.some((prefix) => path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`));
}

/** As Git decides it: a NUL byte near the start. */
function isBinary(content: Uint8Array): boolean {
  return content.subarray(0, 8_000).includes(0);
}

async function findSecrets(path: string, content: string): Promise<Finding[]> {
  const { messages } = await lintSource({
    source: { filePath: path, content, ext: extension(path), contentType: 'text' },
    options: {
      maskSecrets: true,
      config: { rules: [{ id: '@secretlint/secretlint-rule-preset-recommend', rule: creator }] },
    },
  });
  return messages.map(({ ruleId, messageId, severity, loc }) => ({
    path,
    line: loc.start.line,
    // The rule's own message may quote what it found; its name says enough.
    rule: `${ruleId.replace('@secretlint/secretlint-rule-', '')}/${messageId}`,
    severity,
  }));
}

function extension(path: string): string {
  const name = path.split('/').at(-1) ?? '';
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}
