import { App, type AppProps } from 'aws-cdk-lib';
import { CheckoutStack } from '../examples/checkout/checkout-stack.ts';
import { Slipway } from './slipway.ts';

/** Slipway with the example service, as `npm start` runs it. The functions must have been bundled. */
export function exampleApp(props: AppProps = {}): App {
  const app = new App({ ...props, context: { '@aws-cdk/aws-iam:minimizePolicies': true, ...props.context } });
  const slipway = new Slipway(app, 'Slipway');
  new CheckoutStack(app, 'Checkout', { slipway });
  return app;
}
