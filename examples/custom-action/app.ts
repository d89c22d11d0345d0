import { App, type AppProps } from 'aws-cdk-lib';
import { Slipway } from 'slipway/cdk';
import { PagesStack } from './pages-stack.ts';

/** Slipway and a pipeline that uses an action of this project. */
export function pagesApp(props: AppProps = {}): App {
  const app = new App(props);
  new PagesStack(app, 'Pages', { slipway: new Slipway(app, 'Slipway') });
  return app;
}
