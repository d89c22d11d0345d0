import { fileURLToPath } from 'node:url';
import { compatibilities } from '../../local/compatibility.ts';
import { compatibilityPage } from './page.ts';
import { surveyCloud } from './survey.ts';

/** Where the page lies. */
export const pagePath = fileURLToPath(new URL('../../docs/compatibility.md', import.meta.url));

/** The page as it has to be. */
export async function writtenPage(): Promise<string> {
  const survey = await surveyCloud(compatibilities.map(({ id, apiName }) => apiName ?? id));
  return compatibilityPage(compatibilities, survey);
}
