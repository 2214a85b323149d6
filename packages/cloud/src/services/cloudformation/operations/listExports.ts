import { importsOf } from '../../../deploy/stacks.ts';
import { notImported } from '../errors.ts';
import type { CloudFormationDependencies, CloudFormationOperations } from '../operation.ts';

export const listExports =
  ({ stacks }: CloudFormationDependencies): CloudFormationOperations['ListExports'] =>
  (_input, { account, region }) => {
    const mine = stacks.list().filter((stack) => stack.account === account && stack.region === region);
    return {
      Exports: mine.flatMap(({ id, outputs }) =>
        outputs.flatMap(({ exportName, value }) =>
          exportName === undefined ? [] : [{ ExportingStackId: id, Name: exportName, Value: value }],
        ),
      ),
    };
  };

export const listImports =
  ({ stacks }: CloudFormationDependencies): CloudFormationOperations['ListImports'] =>
  ({ ExportName = '' }, { account, region }) => {
    const importers = stacks
      .list()
      .filter((stack) => stack.account === account && stack.region === region && stack.status !== 'DELETE_COMPLETE')
      .filter((stack) => importsOf(stack).has(ExportName));
    if (importers.length === 0) throw notImported(ExportName);
    return { Imports: importers.map(({ name }) => name) };
  };
