import { App, type AppProps } from 'aws-cdk-lib';
import { CheckoutStack } from '../examples/checkout/checkout-stack.ts';
import { Slipway } from './slipway.ts';

/** CDK's flags of new projects that matter here; `cdk.json` would not reach an app that is run without the CLI. */
const flags = {
  '@aws-cdk/core:checkSecretUsage': true,
  '@aws-cdk/aws-iam:minimizePolicies': true,
  '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
};

/** Slipway with the example service, as `npm start` runs it. The functions must have been bundled. */
export function exampleApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { ...flags, ...props.context } });
  const slipway = new Slipway(app, 'Slipway');
  new CheckoutStack(app, 'Checkout', { slipway });
  return app;
}
