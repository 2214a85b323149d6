import type { SsmDependencies, SsmOperations } from '../operation.ts';
import { parameterArn } from '../parameter.ts';

export const getParameter =
  ({ parameters }: SsmDependencies): SsmOperations['GetParameter'] =>
  ({ Name = '' }, context) => {
    const { name, type, value, version, modifiedAt } = parameters.get(context, Name);
    return {
      Parameter: {
        Name: name,
        Type: type,
        Value: value,
        Version: version,
        LastModifiedDate: new Date(modifiedAt),
        ARN: parameterArn(name, context),
        DataType: 'text',
      },
    };
  };
