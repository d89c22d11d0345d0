import { whole, type Work } from '../work.ts';

/** An object of some tens of kilobytes, whose body is a file beside the store. */
export const objects: Work = {
  name: 'objects',
  async begin({ s3, output }, piece) {
    await s3.putObject({ Bucket: output('Bucket'), Key: piece, Body: bodyOf(piece) });
  },
  async check({ name, isAcknowledged }, { aws: { s3, output } }) {
    try {
      const { Body: body } = await s3.getObject({ Bucket: output('Bucket'), Key: name });
      const isWhole = (await body?.transformToString()) === bodyOf(name);
      return isWhole ? whole : { missing: [], broken: [`the object ${name} has another body`] };
    } catch (error) {
      if ((error as Error).name !== 'NoSuchKey') throw error; // the SDK throws errors only
      return isAcknowledged ? { missing: [], broken: [`the object ${name} is not there`] } : whole;
    }
  },
};

function bodyOf(piece: string): string {
  return `${piece}\n`.repeat(5_000);
}
