import { App } from 'aws-cdk-lib';
import { PagesStack } from './pages-stack.ts';

const app = new App();
new PagesStack(app, 'Pages');
