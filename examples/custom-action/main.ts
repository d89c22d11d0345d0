import { pagesApp } from './app.ts';

pagesApp();
