import type { AnyResourceType } from '../../kernel/resourceType.ts';
import { globalTableResource } from './globalTableResource.ts';
import { tableResource } from './tableResource.ts';

/** The CloudFormation resource types of DynamoDB. */
export const resources: Readonly<Record<string, AnyResourceType>> = {
  'AWS::DynamoDB::GlobalTable': globalTableResource,
  'AWS::DynamoDB::Table': tableResource,
};
