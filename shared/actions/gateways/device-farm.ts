/** The kinds of files that Device Farm is given, in its own words. */
export type DeviceFarmFileType = 'ANDROID_APP' | 'IOS_APP' | `${string}_TEST_PACKAGE` | `${string}_TEST_SPEC`;

/** A file that Device Farm is given. */
export interface DeviceFarmFile {
  readonly projectArn: string;
  /** Without `/`; its end says what it is, e.g. `.apk`. */
  readonly name: string;
  readonly type: DeviceFarmFileType;
  readonly content: Uint8Array;
}

/** How an upload stands: Device Farm looks at each file before it can be used. */
export interface UploadSeen {
  readonly status: 'pending' | 'ready' | 'refused';
  /** Why it was refused. */
  readonly reason: string | undefined;
}

/** A run that is to be scheduled. */
export interface NewRun {
  readonly projectArn: string;
  readonly devicePoolArn: string;
  readonly name: string;
  readonly appArn: string;
  /** One of the service's test types, e.g. `APPIUM_NODE`. */
  readonly testType: string;
  readonly testPackageArn: string | undefined;
  readonly testSpecArn: string | undefined;
  /** How long one device may test. */
  readonly deviceMinutes: number;
}

/** How many tests of a run ended how. */
export interface RunCounts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly warned: number;
  readonly errored: number;
  readonly stopped: number;
  readonly skipped: number;
}

/** How a run stands. */
export interface RunSeen {
  readonly arn: string;
  readonly hasEnded: boolean;
  /** In the service's words, in lower case: `passed`, `failed`, `warned`, `errored`, `stopped`, `skipped`, `pending`. */
  readonly result: string;
  readonly message: string | undefined;
  readonly counts: RunCounts;
  /** Devices that are done, and all of them. */
  readonly doneDeviceCount: number;
  readonly deviceCount: number;
}

/** AWS Device Farm, as far as an action tests an app on its devices. Each call goes to the region of its ARN. */
export interface DeviceGateway {
  /**
   * Gives a file to a project.
   * @returns the upload's ARN
   * @throws ActionFailed if there is no such project, or the file does not arrive
   */
  upload(file: DeviceFarmFile, signal: AbortSignal): Promise<string>;
  seeUpload(arn: string): Promise<UploadSeen>;
  /** @returns the run's ARN. It has no token against running twice: see `findRun` */
  schedule(run: NewRun): Promise<string>;
  /** The run of a project by its name, among the first ten pages that the service lists. */
  findRun(projectArn: string, name: string): Promise<string | undefined>;
  seeRun(arn: string): Promise<RunSeen>;
  /** Stops a run; one that has ended stays as it is. Device Farm does not bill devices that have not begun. */
  stop(arn: string): Promise<void>;
}
