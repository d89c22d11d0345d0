/** ECR, as far as an action asks what a tag stands for. */
export interface ImageGateway {
  /**
   * The digest of an image: of its digest if it has one, else of its tag.
   * @throws ActionFailed ConfigurationError if there is no such image, PermissionError if the action may not see it
   */
  digestOf(image: {
    /** The registry's account, and its region: it may be another than the action's. */
    readonly account: string;
    readonly region: string;
    readonly repository: string;
    readonly tag: string | undefined;
    readonly digest: string | undefined;
  }): Promise<string>;
}
