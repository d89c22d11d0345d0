/** Why a text is no glob. */
class GlobError extends Error {
  override readonly name = 'GlobError';
}

/** The pattern of a glob so far, and where its reading stands. */
interface Reading {
  readonly glob: string;
  at: number;
  isInGroup: boolean;
}

/**
 * Compiles a glob of a trigger's filter: the language of `java.nio.file.FileSystem.getPathMatcher`, which the User Guide's
 * "Working with glob patterns in syntax" repeats. Matchers made for shells differ: here a leading dot is a character like
 * any other, `**` crosses directories wherever it stands, and `a/**` + `/b` asks for a directory in between.
 * @throws GlobError
 */
export function compileGlob(glob: string): RegExp {
  const reading: Reading = { glob, at: 0, isInGroup: false };
  let pattern = '';
  while (reading.at < glob.length) pattern += readNext(reading);
  if (reading.isInGroup) throw new GlobError(`'${glob}' has a { without its }`);
  return new RegExp(`^${pattern}$`, 's');
}

/** What is wrong with a glob; undefined if nothing is. */
export function globProblem(glob: string): string | undefined {
  try {
    compileGlob(glob);
    return undefined;
  } catch (error) {
    if (error instanceof GlobError) return error.message;
    throw error;
  }
}

function readNext(reading: Reading): string {
  const character = reading.glob[reading.at++] ?? '';
  switch (character) {
    case '\\':
      return readEscaped(reading);
    case '[':
      return readClass(reading);
    case '*':
      return readStars(reading);
    case '?':
      return '[^/]';
    case '{':
      if (reading.isInGroup) throw new GlobError(`'${reading.glob}' has a { inside of {}`);
      reading.isInGroup = true;
      return '(?:(?:';
    case '}':
      if (!reading.isInGroup) return '\\}';
      reading.isInGroup = false;
      return '))';
    case ',':
      return reading.isInGroup ? ')|(?:' : ',';
    default:
      return escaped(character);
  }
}

function readEscaped(reading: Reading): string {
  const character = reading.glob[reading.at++];
  if (character === undefined) throw new GlobError(`'${reading.glob}' ends with a backslash that escapes nothing`);
  return escaped(character);
}

function readStars(reading: Reading): string {
  if (reading.glob[reading.at] !== '*') return '[^/]*';
  reading.at++;
  return '.*';
}

/** Inside of brackets `*`, `?` and `\` stand for themselves; a slash is never matched. */
function readClass(reading: Reading): string {
  const { glob } = reading;
  const isNegated = glob[reading.at] === '!';
  if (isNegated) reading.at++;
  const end = glob.indexOf(']', reading.at);
  if (end < 0) throw new GlobError(`'${glob}' has a [ without its ]`);
  const inside = glob.slice(reading.at, end);
  if (inside.includes('/')) throw new GlobError(`'${glob}' has a slash inside of []`);
  reading.at = end + 1;
  const ranges = [...inside.matchAll(/([^])-([^])|([^])/g)].map(([, from, to, one]) => {
    if (one !== undefined) return escaped(one);
    if (from === undefined || to === undefined || from > to) throw new GlobError(`'${glob}' has a range that is empty`);
    return `${escaped(from)}-${escaped(to)}`;
  });
  if (ranges.length === 0) throw new GlobError(`'${glob}' has nothing inside of []`);
  return isNegated ? `[^/${ranges.join('')}]` : `(?!/)[${ranges.join('')}]`;
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
}
