import { compareDigits, compareSequences, compareText, type Order } from './order.ts';

/** Epoch, release, pre-release, post-release, development release, local version. */
const written =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\d*))?(?:-(\d+)|[-_.]?(post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9]+(?:[-_.][a-z0-9]+)*))?$/;

/** Where the letters of a pre-release stand; what has none comes behind them, a bare development release before. */
const preRank: Readonly<Record<string, number>> = {
  ...{ a: 1, alpha: 1, b: 2, beta: 2, c: 3, rc: 3, pre: 3, preview: 3 },
};
const [beforeAll, behindAll] = [0, 4];

interface PythonVersion {
  readonly epoch: string;
  readonly release: readonly string[];
  readonly pre: readonly [rank: number, digits: string];
  /** Undefined if there is none, which comes first. */
  readonly post: string | undefined;
  /** Undefined if there is none, which comes last. */
  readonly dev: string | undefined;
  readonly local: readonly string[];
}

/**
 * Orders versions as PEP 440 says (Python packaging user guide, "Version specifiers", appendix B for how they are read).
 * @returns undefined if one of them is no such version
 */
export function comparePep440(left: string, right: string): Order | undefined {
  const [a, b] = [read(left), read(right)];
  if (!a || !b) return undefined;
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareSequences(a.release, b.release, '0', compareDigits) ||
    a.pre[0] - b.pre[0] ||
    compareDigits(a.pre[1], b.pre[1]) ||
    compareOptional(a.post, b.post, -1) ||
    compareOptional(a.dev, b.dev, 1) ||
    compareSequences(a.local, b.local, '', compareLocal)
  );
}

function read(version: string): PythonVersion | undefined {
  const match = written.exec(version.trim().toLowerCase());
  if (!match) return undefined;
  const [
    ,
    epoch = '0',
    release = '',
    letters,
    preDigits,
    implicitPost,
    postWord,
    postDigits,
    devWord,
    devDigits,
    local,
  ] = match;
  const post = implicitPost ?? (postWord && (postDigits || '0'));
  const dev = devWord && (devDigits || '0');
  const rank = letters ? (preRank[letters] ?? behindAll) : dev && post === undefined ? beforeAll : behindAll;
  return {
    epoch,
    release: release.split('.'),
    pre: [rank, preDigits || '0'],
    post,
    dev,
    local: local?.split(/[-_.]/) ?? [],
  };
}

/** `absent` is the order of a version without it before one with it. */
function compareOptional(left: string | undefined, right: string | undefined, absent: Order): Order {
  if (left === undefined || right === undefined) {
    if (left === right) return 0;
    return left === undefined ? absent : -absent;
  }
  return compareDigits(left, right);
}

/** No part before words, words before numbers. */
function compareLocal(left: string, right: string): Order {
  const rankOf = (part: string): number => (part === '' ? 0 : /^\d+$/.test(part) ? 2 : 1);
  return rankOf(left) - rankOf(right) || (rankOf(left) === 2 ? compareDigits(left, right) : compareText(left, right));
}
