import { parameterAlreadyExists } from '../errors.ts';
import type { SsmDependencies, SsmOperations } from '../operation.ts';

export const putParameter =
  ({ parameters, scheduler }: SsmDependencies): SsmOperations['PutParameter'] =>
  ({ Name = '', Value = '', Type, Description, Overwrite = false }, context) => {
    const existing = parameters.find(context, Name);
    if (existing !== undefined && !Overwrite) throw parameterAlreadyExists();
    const version = (existing?.version ?? 0) + 1;
    parameters.put(context, {
      name: Name,
      type: Type ?? existing?.type ?? 'String',
      value: Value,
      version,
      modifiedAt: scheduler.now,
      description: Description ?? existing?.description,
    });
    return { Version: version, Tier: 'Standard' };
  };
