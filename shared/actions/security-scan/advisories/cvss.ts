/** Weights of CVSS 3.1 (first.org/cvss/v3-1/specification-document, 7.4); 3.0 has the same. */
const weights3: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 0.85, A: 0.62, L: 0.55, P: 0.2 },
  AC: { L: 0.77, H: 0.44 },
  UI: { N: 0.85, R: 0.62 },
  C: { H: 0.56, L: 0.22, N: 0 },
  I: { H: 0.56, L: 0.22, N: 0 },
  A: { H: 0.56, L: 0.22, N: 0 },
};
const privileges3: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  U: { N: 0.85, L: 0.62, H: 0.27 },
  C: { N: 0.85, L: 0.68, H: 0.5 },
};

/** Weights of CVSS 2.0 (first.org/cvss/v2/guide, 3.2.1). */
const weights2: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  AV: { N: 1, A: 0.646, L: 0.395 },
  AC: { L: 0.71, M: 0.61, H: 0.35 },
  Au: { N: 0.704, S: 0.56, M: 0.45 },
  C: { N: 0, P: 0.275, C: 0.66 },
  I: { N: 0, P: 0.275, C: 0.66 },
  A: { N: 0, P: 0.275, C: 0.66 },
};

/** The base score of a vector of CVSS 3 or 2, from 0 to 10; undefined for any other. */
export function baseScore(vector: string): number | undefined {
  const metrics = new Map(
    vector
      .replace(/^CVSS:3\.[01]\//, '')
      .split('/')
      .map((part): [string, string] => {
        const [name = '', value = ''] = part.split(':');
        return [name, value];
      }),
  );
  const score = /^CVSS:3\.[01]\//.test(vector) ? score3(metrics) : score2(metrics);
  return Number.isNaN(score) ? undefined : score;
}

/** NaN if a metric is missing, as in every sum with one. */
function score3(metrics: ReadonlyMap<string, string>): number {
  const weight = (name: string): number => weights3[name]?.[metrics.get(name) ?? ''] ?? Number.NaN;
  const scope = metrics.get('S') ?? '';
  const privileges = privileges3[scope]?.[metrics.get('PR') ?? ''] ?? Number.NaN;
  const lost = 1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A'));
  const impact = scope === 'C' ? 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 : 6.42 * lost;
  const exploitability = 8.22 * weight('AV') * weight('AC') * privileges * weight('UI');
  if (impact <= 0) return 0 * exploitability;
  return roundUp(Math.min(10, (scope === 'C' ? 1.08 : 1) * (impact + exploitability)));
}

/** To one decimal, with the integers that the specification uses against floating point (appendix A). */
function roundUp(score: number): number {
  const whole = Math.round(score * 100_000);
  return whole % 10_000 === 0 ? whole / 100_000 : (Math.floor(whole / 10_000) + 1) / 10;
}

function score2(metrics: ReadonlyMap<string, string>): number {
  const weight = (name: string): number => weights2[name]?.[metrics.get(name) ?? ''] ?? Number.NaN;
  const impact = 10.41 * (1 - (1 - weight('C')) * (1 - weight('I')) * (1 - weight('A')));
  const exploitability = 20 * weight('AV') * weight('AC') * weight('Au');
  const score = (0.6 * impact + 0.4 * exploitability - 1.5) * (impact === 0 ? 0 : 1.176);
  return Math.round(score * 10) / 10;
}
