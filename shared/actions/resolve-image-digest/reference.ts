/** An image as people write it: `nginx`, `public.ecr.aws/x/y:1`, `host:5000/team/app@sha256:…`. */
export interface ImageReference {
  /** As it was written, without tag and digest. */
  readonly name: string;
  /** The host that answers for it, with its port. */
  readonly host: string;
  /** The repository's name at that host. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

/** A private registry of ECR. */
export interface EcrPlace {
  readonly account: string;
  readonly region: string;
}

const namePattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const hostPattern =
  /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d{1,5})?$/;

/** Docker Hub's API has another name than its images. */
export const dockerHub = 'registry-1.docker.io';

/**
 * Reads a reference by the grammar of the distribution project: a first part with a dot, a colon or `localhost` is a host;
 * no host is Docker Hub, where one name alone is below `library/`; neither tag nor digest is the tag `latest`.
 * @returns undefined for what is none
 */
export function readReference(text: string): ImageReference | undefined {
  const [, path = '', tag, digest] = /^([^@]+?)(?::([^:/@]+))?(?:@(.+))?$/.exec(text) ?? [];
  if (digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest)) return undefined;
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const [first = '', ...rest] = path.split('/');
  const hasHost = rest.length > 0 && (/[.:]/.test(first) || first === 'localhost');
  const repository = hasHost ? rest.join('/') : path;
  if (!namePattern.test(repository) || (hasHost && !hostPattern.test(first))) return undefined;
  const isHub = !hasHost || first === 'docker.io' || first === 'index.docker.io';
  return {
    name: path,
    host: isHub ? dockerHub : first,
    repository: isHub && !repository.includes('/') ? `library/${repository}` : repository,
    tag: tag ?? (digest === undefined ? 'latest' : undefined),
    digest,
  };
}

/** Where a host of ECR's private registries is; undefined for any other, `public.ecr.aws` too. */
export function ecrPlaceOf(host: string): EcrPlace | undefined {
  const [, account, region] =
    /^(\d{12})\.dkr[.-]ecr(?:-fips)?\.([a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.aws)$/.exec(host) ?? [];
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}
