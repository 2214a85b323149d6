import { type CloudFormationDependencies, type CloudFormationOperations, stackNamed } from '../operation.ts';

export const getTemplate =
  (dependencies: CloudFormationDependencies): CloudFormationOperations['GetTemplate'] =>
  ({ StackName }, context) => ({
    TemplateBody: stackNamed(dependencies, StackName, context).template,
    StagesAvailable: ['Original', 'Processed'],
  });
