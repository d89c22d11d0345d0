import * as schemas from '@aws-sdk/client-s3';
import type { S3 } from '@aws-sdk/client-s3';
import { defineService } from '../../gateway/service.ts';
import type { OpenService } from '../service-module.ts';
import { bucketOperations } from './bucket-operations.ts';
import { bucketPolicyResource } from './bucket-policy-resource.ts';
import { bucketResource } from './bucket-resource.ts';
import { bucketSettingsOperations } from './bucket-settings-operations.ts';
import { copyOperations } from './copy-operations.ts';
import { deleteOperations } from './delete-operations.ts';
import { listOperations } from './list-operations.ts';
import { multipartOperations } from './multipart-operations.ts';
import { objectOperations } from './object-operations.ts';
import { partOperations } from './part-operations.ts';
import { bucketPolicyOf, s3Permissions } from './permissions.ts';
import { openStorage } from './storage.ts';
import { taggingOperations } from './tagging-operations.ts';
import { websiteRoute } from './website.ts';

/** S3 on disk: bodies are files below `<folder>/s3/`, everything else rows of the store. */
export const openS3: OpenService = (context) => {
  const s3 = openStorage(context);
  return {
    api: defineService<S3>({
      name: 's3',
      schemas,
      protocol: { kind: 'rest-xml', xmlNamespace: 'http://s3.amazonaws.com/doc/2006-03-01/' },
      operations: {
        ...bucketOperations(s3),
        ...bucketSettingsOperations(s3),
        ...objectOperations(s3),
        ...copyOperations(s3),
        ...deleteOperations(s3),
        ...listOperations(s3),
        ...multipartOperations(s3),
        ...partOperations(s3),
        ...taggingOperations(s3),
      },
    }),
    permissions: s3Permissions(),
    resourcePolicy: bucketPolicyOf(s3.buckets),
    resources: [bucketResource(s3), bucketPolicyResource(s3)],
    routes: [websiteRoute(s3)],
  };
};
