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

const projectSchema = z.object({
  groupId: text,
  artifactId: text,
  version: text,
  parent: z.optional(z.object({ groupId: text, version: text })),
  properties: z.optional(z.union([z.string(), z.record(z.string(), z.unknown())])),
  dependencies: dependenciesSchema,
  dependencyManagement: z.optional(z.union([z.string(), z.object({ dependencies: dependenciesSchema })])),
});
type Project = z.infer<typeof projectSchema>;

/** Entities are not expanded: a POM needs none, and a hostile one could grow without bound. */
const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  processEntities: false,
  isArray: (name, path) => name === 'dependency' && String(path).endsWith('dependencies.dependency'),
});

/**
 * Maven's `pom.xml` (maven.apache.org/pom.html): the dependencies that it declares, with its own properties and managed
 * versions. What those bring along, and what a parent POM manages, is not in the file.
 */
export const pom: LockFileReader = {
  isMeant: named('pom.xml'),
  read(xml) {
    if (XMLValidator.validate(xml) !== true) throw new Error('no well-formed XML');
    const { project } = z.object({ project: projectSchema }).parse(parser.parse(xml));
    const resolve = resolver(project);
    const management = project.dependencyManagement;
    const managed = new Map(
      listed(typeof management === 'object' ? management.dependencies : undefined).map((dependency) => [
        nameOf(dependency, resolve),
        dependency.version,
      ]),
    );
    return listed(project.dependencies).map((dependency): Locked => {
      const name = nameOf(dependency, resolve);
      const version = resolve(dependency.version ?? managed.get(name) ?? '');
      return isExact(version)
        ? { ecosystem: 'Maven', name, version }
        : { ecosystem: 'Maven', name, version: undefined, uncheckedBecause: 'its POM names no exact version' };
    });
  },
};

function listed(dependencies: z.infer<typeof dependenciesSchema>): readonly Dependency[] {
  return typeof dependencies === 'object' ? (dependencies.dependency ?? []) : [];
}

function nameOf({ groupId = '', artifactId = '' }: Dependency, resolve: (value: string) => string): string {
  return `${resolve(groupId)}:${resolve(artifactId)}`;
}

/** A range, or a property that is set elsewhere, is none. */
function isExact(version: string): boolean {
  return /^[^\s${}[\](),]+$/.test(version) && !/^(LATEST|RELEASE)$/.test(version);
}

/** Puts in properties; one that refers to another is resolved up to ten deep. */
function resolver(project: Project): (value: string) => string {
  const own: Readonly<Record<string, string | undefined>> = {
    'project.version': project.version ?? project.parent?.version,
    'project.groupId': project.groupId ?? project.parent?.groupId,
    'project.artifactId': project.artifactId,
    'project.parent.version': project.parent?.version,
  };
  const properties = typeof project.properties === 'object' ? project.properties : {};
  const valueOf = (whole: string, name: string): string => {
    const value = own[name] ?? properties[name];
    return typeof value === 'string' ? value : whole;
  };
  return (value) => {
    let resolved = value;
    for (let depth = 0; depth < 10 && resolved.includes('${'); depth += 1)
      resolved = resolved.replaceAll(/\$\{([^{}]+)\}/g, valueOf);
    return resolved.trim();
  };
}
