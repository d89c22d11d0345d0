import { bake } from '../../shared/actions/bake/declaration.ts';
import { gitTag } from '../../shared/actions/git-tag/declaration.ts';
import { loadTest } from '../../shared/actions/load-test/declaration.ts';
import { mobileTest } from '../../shared/actions/mobile-test/declaration.ts';
import { provisionResources } from '../../shared/actions/provision-resources/declaration.ts';
import { resolveImageDigest } from '../../shared/actions/resolve-image-digest/declaration.ts';
import { runWorkflow } from '../../shared/actions/run-workflow/declaration.ts';
import { securityScan } from '../../shared/actions/security-scan/declaration.ts';
import { sendNotification } from '../../shared/actions/send-notification/declaration.ts';
import { smokeTest } from '../../shared/actions/smoke-test/declaration.ts';
import { updateDashboard } from '../../shared/actions/update-dashboard/declaration.ts';
import { updateTicket } from '../../shared/actions/update-ticket/declaration.ts';
import { variableCheck } from '../../shared/actions/variable-check/declaration.ts';
import { actionClass } from './action-class.ts';

/** Waits for a time, and fails as soon as an alarm rings. Parameters, outputs and limits: `shared/actions/bake/README.md` in this package. */
export const BakeAction = actionClass(bake);
/** Tags the released commit on GitHub or GitLab. Parameters, outputs and limits: `shared/actions/git-tag/README.md` in this package. */
export const GitTagAction = actionClass(gitTag);
/** Puts load on a site, and measures it against thresholds. Parameters, outputs and limits: `shared/actions/load-test/README.md` in this package. */
export const LoadTestAction = actionClass(loadTest);
/** Tests an app on the devices of AWS Device Farm. Parameters, outputs and limits: `shared/actions/mobile-test/README.md` in this package. */
export const MobileTestAction = actionClass(mobileTest);
/** Makes, updates or deletes a CloudFormation stack. Parameters, outputs and limits: `shared/actions/provision-resources/README.md` in this package. */
export const ProvisionResourcesAction = actionClass(provisionResources);
/** Finds the digests that the tags of images stand for now. Parameters, outputs and limits: `shared/actions/resolve-image-digest/README.md` in this package. */
export const ResolveImageDigestAction = actionClass(resolveImageDigest);
/** Runs a Step Functions workflow and waits for its end. Parameters, outputs and limits: `shared/actions/run-workflow/README.md` in this package. */
export const RunWorkflowAction = actionClass(runWorkflow);
/** Looks for what does not belong into a release. Parameters, outputs and limits: `shared/actions/security-scan/README.md` in this package. */
export const SecurityScanAction = actionClass(securityScan);
/** Sends a message about the release to a topic or a webhook. Parameters, outputs and limits: `shared/actions/send-notification/README.md` in this package. */
export const SendNotificationAction = actionClass(sendNotification);
/** Asks a deployed site whether it answers as it should. Parameters, outputs and limits: `shared/actions/smoke-test/README.md` in this package. */
export const SmokeTestAction = actionClass(smokeTest);
/** Marks the release in CloudWatch, Grafana or Datadog. Parameters, outputs and limits: `shared/actions/update-dashboard/README.md` in this package. */
export const UpdateDashboardAction = actionClass(updateDashboard);
/** Creates, comments and moves the tickets of a release. Parameters, outputs and limits: `shared/actions/update-ticket/README.md` in this package. */
export const UpdateTicketAction = actionClass(updateTicket);
/** Compares variables of the pipeline with what they have to be. Parameters, outputs and limits: `shared/actions/variable-check/README.md` in this package. */
export const VariableCheckAction = actionClass(variableCheck);
