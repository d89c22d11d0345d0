import { XMLParser, XMLValidator } from 'fast-xml-parser';
import * as z from 'zod/mini';
import { named, type Locked, type LockFileReader } from './lock-file.ts';

const text = z.optional(z.string());
const dependencySchema = z.object({ groupId: text, artifactId: text, version: text });
type Dependency = z.infer<typeof dependencySchema>;
/** An empty element is read as an empty text. */
const dependenciesSchema = z.optional(
  z.union([z.string(), z.object({ dependency: z.optional(z.array(dependencySchema)) })]),
);

const propertiesSchema = z.optional(z.union([z.string(), z.record(z.string(), z.unknown())]));

/** What a project and each of its profiles may hold. */
const declared = {
  properties: propertiesSchema,
  dependencies: dependenciesSchema,
  dependencyManagement: z.optional(z.union([z.string(), z.object({ dependencies: dependenciesSchema })])),
};

const projectSchema = z.object({
  groupId: text,
  artifactId: text,
  version: text,
  parent: z.optional(z.object({ groupId: text, version: text })),
  ...declared,
  profiles: z.optional(
    z.union([z.string(), z.object({ profile: z.optional(z.array(z.union([z.string(), z.object(declared)]))) })]),
  ),
});
type Project = z.infer<typeof projectSchema>;
type Declared = Pick<Project, keyof typeof declared>;

/** Entities are not expanded: a POM needs none, and a hostile one could grow without bound. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  isArray: (name, path) =>
    (name === 'dependency' && String(path).endsWith('dependencies.dependency')) || path === 'project.profiles.profile',
});

/**
 * Maven's `pom.xml` (maven.apache.org/pom.html): the dependencies that it and its profiles declare, with its own properties and
 * managed versions. What those bring along, and what a parent POM manages, is not in the file.
 */
export const pom: LockFileReader = {
  isMeant: named('pom.xml'),
  read(xml) {
    if (XMLValidator.validate(xml) !== true) throw new Error('no well-formed XML');
    const { project } = z.object({ project: projectSchema }).parse(parser.parse(xml));
    const profiles = typeof project.profiles === 'object' ? (project.profiles.profile ?? []) : [];
    const own = partOf(project, [ownProperties(project)]);
    const parts = profiles.flatMap((profile) => (typeof profile === 'object' ? partOf(profile, own.properties) : []));
    return [own, ...parts].flatMap((part) => part.dependencies.map((dependency) => lockedOf(dependency, [part, own])));
  },
};

/** A project or one of its profiles, ready to be asked. */
interface Part {
  /** The first one that holds a property counts. */
  readonly properties: readonly Readonly<Record<string, unknown>>[];
  readonly resolve: (value: string) => string;
  readonly dependencies: readonly Dependency[];
  readonly managed: ReadonlyMap<string, string | undefined>;
}

function partOf(
  { properties, dependencies, dependencyManagement: management }: Declared,
  outer: Part['properties'],
): Part {
  const all = [...(typeof properties === 'object' ? [properties] : []), ...outer];
  const resolve = resolver(all);
  const managed = listed(typeof management === 'object' ? management.dependencies : undefined);
  return {
    ...{ properties: all, resolve, dependencies: listed(dependencies) },
    managed: new Map(managed.map((dependency) => [nameOf(dependency, resolve), dependency.version])),
  };
}

/** A profile's properties and managed versions come before those of its project. */
function lockedOf(dependency: Dependency, [part, project]: readonly [part: Part, project: Part]): Locked {
  const name = nameOf(dependency, part.resolve);
  const version = part.resolve(dependency.version ?? part.managed.get(name) ?? project.managed.get(name) ?? '');
  if (isName(name) && isExact(version)) return { ecosystem: 'Maven', name, version };
  const uncheckedBecause = isName(name) ? 'its POM names no exact version' : 'its POM leaves its name open';
  return { ecosystem: 'Maven', name, version: undefined, uncheckedBecause };
}

function listed(dependencies: z.infer<typeof dependenciesSchema>): readonly Dependency[] {
  return typeof dependencies === 'object' ? (dependencies.dependency ?? []) : [];
}

function ownProperties({ groupId, artifactId, version, parent }: Project): Readonly<Record<string, unknown>> {
  return {
    'project.version': version ?? parent?.version,
    'project.groupId': groupId ?? parent?.groupId,
    'project.artifactId': artifactId,
    'project.parent.version': parent?.version,
  };
}

function nameOf({ groupId = '', artifactId = '' }: Dependency, resolve: Part['resolve']): string {
  return `${resolve(groupId)}:${resolve(artifactId)}`;
}

function isName(name: string): boolean {
  return /^[^\s${}:]+:[^\s${}:]+$/.test(name);
}

/** A range, or a property that is set elsewhere, is none. */
function isExact(version: string): boolean {
  return /^[^\s${}[\](),]+$/.test(version) && !/^(LATEST|RELEASE)$/.test(version);
}

/** The most that properties put into a value, and how deep they may refer to others: names and versions are far below. */
const most = { addedLength: 1_000, depth: 10 };

/** Puts in properties. What would grow past the bounds stays as it is written, and so is neither a name nor a version. */
function resolver(properties: Part['properties']): Part['resolve'] {
  return (value) => {
    let resolved = value;
    for (let depth = 0; depth < most.depth && resolved.includes('${'); depth += 1) {
      if (resolved.length > value.length + most.addedLength) break;
      let addedLength = 0;
      resolved = resolved.replaceAll(/\$\{([^{}]+)\}/g, (whole: string, name: string) => {
        const property = properties.map((each) => each[name]).find((each) => typeof each === 'string');
        if (typeof property !== 'string') return whole;
        addedLength += property.length;
        return addedLength > most.addedLength ? whole : property;
      });
    }
    return resolved.trim();
  };
}
