import type { Credentials } from '../gateways/secrets.ts';
import type { WebApi, WebApiOptions } from '../web/web-api.ts';

/** A tag to be made. */
export interface NewTag {
  readonly name: string;
  readonly commit: string;
  /** Undefined for a light tag. */
  readonly message: string | undefined;
}

/** Where a repository is kept. */
export interface GitHost {
  /** The commit that a tag is at, behind whatever annotations; undefined if there is no such tag. */
  find(name: string): Promise<string | undefined>;
  /** @returns false if the host refuses it, because the tag is there or the commit is not */
  make(tag: NewTag): Promise<boolean>;
}

/** Opens a repository. */
export type OpenGitHost = (options: {
  readonly url: string | undefined;
  readonly project: string;
  readonly credentials: Credentials;
  /** Makes the client of an API. */
  readonly api: (options: Pick<WebApiOptions, 'name' | 'baseUrl' | 'headers'>) => WebApi;
}) => GitHost;
