import type { Failure } from '../result.ts';
import type { Component } from './components/component.ts';
import type { Scanner, Severity } from './declaration.ts';

/** Something that was found. It never holds a secret. */
export interface Finding {
  readonly scanner: Scanner;
  /** The rule or advisory, e.g. `aws/AWSSecretAccessKey` or `GHSA-35jh-r3h4-6jhm`. */
  readonly rule: string;
  /** Other names of the same advisory, e.g. `CVE-2021-23337`. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  /** One line for people. */
  readonly title: string;
  /** A package (`lodash@4.17.20`); for a secret the file. */
  readonly subject: string;
  /** What an entry of the allow-list names with `in`: the file, the package's name, the repository. */
  readonly within: readonly string[];
  /** Where it is: a path in the artifact; for what is in an image, its repository. Lines count from 1. */
  readonly location: { readonly path: string; readonly line: number };
  /** The first versions without it, if they are known. */
  readonly fixedIn: readonly string[];
  /** False if nobody can say whether it applies, e.g. because the version can't be compared. */
  readonly isCertain: boolean;
}

/** What one scanner saw. */
export interface Scanned {
  readonly scanner: Scanner;
  readonly findings: readonly Finding[];
  /** How many files, components or images it looked at. */
  readonly scannedCount: number;
  /** What it could not look at, each with the reason. */
  readonly unchecked: readonly string[];
  /** What else to know about what it looked at. */
  readonly notes?: readonly string[];
  /** Why it could not run at all, or had nothing that it could look at: neither is an all-clear. */
  readonly error?: Pick<Failure, 'type' | 'message'>;
  /** The packages that it looked up, for the bill of materials. */
  readonly components?: readonly Component[];
}
