import { Constraints } from '../constraints.ts';
import { functionArn } from '../functionReference.ts';
import { LATEST, listedVersion } from '../functionVersion.ts';
import type { LambdaDependencies, LambdaOperations } from '../operation.ts';
import { pageOf } from '../paging.ts';
import { numberOf } from '../stores/functionStore.ts';

export const listFunctions =
  ({ stores: { functions }, layers }: LambdaDependencies): LambdaOperations['ListFunctions'] =>
  ({ FunctionVersion, ...paging }, context) => {
    new Constraints().oneOf(FunctionVersion, 'functionVersion', ['ALL']).hold();
    if (FunctionVersion === 'ALL') {
      const { items, marker } = pageOf(
        paging,
        (after, limit) => functions.allVersions(context, placeOf(after), limit),
        ({ name, version }) => `${name} ${numberOf(version)}`,
      );
      const Functions = items.map((version) =>
        listedVersion(version, { arn: functionArn(context, version.name, version.version), layerSize: layers.size }),
      );
      return { Functions, NextMarker: marker };
    }
    const { items, marker } = pageOf(
      paging,
      (after = '', limit) => functions.list(context, after, limit),
      ({ name }) => name,
    );
    const latest = items.flatMap(({ name }) => functions.version(context, name, LATEST) ?? []);
    return {
      Functions: latest.map((version) => listedVersion(version, { layerSize: layers.size })),
      NextMarker: marker,
    };
  };

function placeOf(after = ' -1'): { readonly name: string; readonly number: number } {
  const [name = '', number] = after.split(' ');
  return { name, number: Number(number) };
}
