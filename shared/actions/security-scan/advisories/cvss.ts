import cvss from 'ae-cvss-calculator';

/** The base score of a vector of CVSS 4, 3 or 2, from 0 to 10; undefined for what is none, or lacks a base metric. */
export function baseScore(vector: string): number | undefined {
  const read = cvss.fromVector(vector);
  return read?.isBaseFullyDefined() ? read.calculateScores().base : undefined;
}
