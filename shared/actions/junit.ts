/** One test of a report. */
export interface JUnitCase {
  readonly name: string;
  readonly seconds: number;
  /** Why it failed, in words. */
  readonly failure?: string | undefined;
  /** Why it was not made. */
  readonly skipped?: string | undefined;
}

/**
 * A JUnit report with one suite, as CodeBuild's report groups, Jenkins and GitLab read it. There is no official schema;
 * elements and attributes are those of the format's common description, https://github.com/testmoapp/junitxml.
 */
export function toJUnit(suite: { readonly name: string; readonly cases: readonly JUnitCase[] }): string {
  const { name, cases } = suite;
  const failureCount = cases.filter(({ failure }) => failure !== undefined).length;
  const skippedCount = cases.filter(({ skipped }) => skipped !== undefined).length;
  const seconds = cases.reduce((sum, { seconds: each }) => sum + each, 0);
  const totals = `name="${escaped(name)}" tests="${cases.length}" failures="${failureCount}" errors="0" skipped="${skippedCount}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite ${totals}>`,
    ...cases.map((each) => caseElement(name, each)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseElement(suite: string, { name, seconds, failure, skipped }: JUnitCase): string {
  const attributes = `classname="${escaped(suite)}" name="${escaped(name)}" time="${seconds.toFixed(3)}"`;
  const [outcome, message] = failure === undefined ? ['skipped', skipped] : ['failure', failure];
  return message === undefined
    ? `    <testcase ${attributes}/>`
    : `    <testcase ${attributes}><${outcome} message="${escaped(message)}"/></testcase>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** XML 1.0 has no way to write most control characters, not even as references. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\u0000-\u001f\ufffe\uffff]/g, ' ')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}
