/** One image of a repository, by what its content hashes to. */
export interface ImageReference {
  readonly repository: string;
  readonly digest: string;
  readonly registryId: string | undefined;
}

/** Who looked at the image: ECR by its basic or enhanced scanning, or Inspector itself. */
export type FindingsFrom = 'ecr' | 'inspector';

/** How the scan of an image stands. */
export interface ImageScan {
  readonly status: 'none' | 'running' | 'complete' | 'failed';
  /** In the service's words. */
  readonly reason: string;
  /** When it ended, ISO 8601; undefined for one that goes on for good. */
  readonly completedAt: string | undefined;
}

/** What a scan found. */
export interface ImageFinding {
  /** E.g. `CVE-2021-44228`. */
  readonly id: string;
  readonly aliases: readonly string[];
  /** In the service's words: `CRITICAL` to `INFORMATIONAL`, `UNDEFINED`, `UNTRIAGED`. */
  readonly severity: string;
  readonly title: string;
  readonly packages: readonly {
    readonly name: string;
    readonly version: string;
    readonly fixedIn: string | undefined;
  }[];
}

/** ECR and Inspector, as far as an action reads what they found in an image. */
export interface ImageFindingsGateway {
  /** The digest of a tag, or of itself. @throws ActionFailed ConfigurationError if there is no such image */
  resolve(image: {
    readonly repository: string;
    readonly registryId?: string | undefined;
    readonly digest?: string | undefined;
    readonly tag?: string | undefined;
  }): Promise<string>;
  scanOf(image: ImageReference, from: FindingsFrom): Promise<ImageScan>;
  /**
   * Asks ECR for a basic scan. One that was done within a day, or a registry that scans by itself, is no failure.
   * @throws ActionFailed JobFailed if ECR can't scan such an image
   */
  startScan(image: ImageReference): Promise<void>;
  /** Every finding, in pages behind the scenes. */
  findingsOf(image: ImageReference, from: FindingsFrom): Promise<readonly ImageFinding[]>;
}
