import { dirname, isAbsolute, join } from 'node:path/posix';
import { parse } from 'smol-toml';
import * as z from 'zod/mini';
import { pypiName } from './component.ts';
import { named, type Locked, type LockFilePlace, type LockFileReader } from './lock-file.ts';
import { otherRegistry } from './registry.ts';

const isRequirements = (path: string): boolean => /(^|\/)(requirements[^/]*|requirements\/[^/]+)\.txt$/.test(path);

/** `requirements.txt` and its siblings (pip docs, "Requirements File Format"). */
export const requirements: LockFileReader = {
  isMeant: isRequirements,
  read: (text, place) =>
    text
      .replaceAll(/\\\r?\n/g, ' ')
      .split(/\r?\n/)
      .map((line) => line.replace(/(^|\s)#.*$/, '').trim())
      .filter((line) => line !== '')
      .flatMap((line) => fromLine(line, place)),
};

/** An index, a hash and the like name no package; neither does a constraint. */
function fromLine(line: string, place: LockFilePlace): readonly Locked[] {
  const [, included] = /^(?:-r|--requirement)[\s=]*(\S+)$/.exec(line) ?? [];
  if (included !== undefined) return isRead(included, place) ? [] : [notRead(included)];
  const isOption = line.startsWith('-') && !/^(-e|--editable)\b/.test(line);
  return isOption ? [] : [fromRequirement(line)];
}

/** What the artifact holds is found by its own name; what `exclude` covers is left out on purpose. */
function isRead(included: string, { path, holds }: LockFilePlace): boolean {
  const resolved = join(dirname(path), included);
  return !isAbsolute(included) && isRequirements(resolved) && holds(resolved);
}

function notRead(included: string): Locked {
  const name = included.includes(':') ? 'requirements by address' : included;
  return { ecosystem: 'PyPI', name, version: undefined, uncheckedBecause: 'is included, and not read' };
}

function fromRequirement(line: string): Locked {
  const [, written, rest = ''] = /^([A-Za-z0-9][A-Za-z0-9._-]*)(?![:\w.-])\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(line) ?? [];
  // A URL may hold credentials, so it is nobody's name.
  const name = pypiName(written ?? /[#&]egg=([\w.-]+)/.exec(line)?.[1] ?? 'a requirement by address');
  if (written === undefined || /^[@/]/.test(rest))
    return { ecosystem: 'PyPI', name, version: undefined, uncheckedBecause: 'comes from no registry' };
  const [, version] = /^\(?\s*===?\s*([^\s;,)]+)\s*\)?\s*(?:;|--|$)/.exec(rest) ?? [];
  return version !== undefined && !version.includes('*')
    ? { ecosystem: 'PyPI', name, version }
    : { ecosystem: 'PyPI', name, version: undefined, uncheckedBecause: 'is not pinned to one version' };
}

const poetrySchema = z.object({
  package: z._default(
    z.array(
      z.object({
        name: z.string(),
        version: z.string(),
        source: z.optional(z.object({ type: z.optional(z.string()), url: z.optional(z.string()) })),
      }),
    ),
    [],
  ),
});

/** Poetry's `poetry.lock`. */
export const poetryLock: LockFileReader = {
  isMeant: named('poetry.lock'),
  read: (text) =>
    poetrySchema.parse(parse(text)).package.map(({ name, version, source }) => {
      const locked = { ecosystem: 'PyPI', name: pypiName(name) } as const;
      const kind = source?.type;
      const registry = otherRegistry(source?.url);
      return kind !== undefined && ['git', 'url', 'file', 'directory'].includes(kind)
        ? { ...locked, version: undefined, uncheckedBecause: `comes from ${kind}` }
        : { ...locked, version, ...(registry !== undefined && { registry }) };
    }),
};
