import { invalidParameter, validation } from './errors.ts';
import { groupNameOf } from './logGroup.ts';

/** The group that an input names: by name, or by an identifier that is a name or an ARN. @throws when it has both or neither */
export function groupNameGiven({
  logGroupName,
  logGroupIdentifier,
}: {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}): string {
  if (logGroupName !== undefined && logGroupIdentifier !== undefined) {
    throw validation('LogGroup name and LogGroup ARN are mutually exclusive parameters.');
  }
  const given = logGroupName ?? (logGroupIdentifier === undefined ? undefined : groupNameOf(logGroupIdentifier));
  if (given === undefined) throw invalidParameter('Either logGroupName or logGroupIdentifier must be given.');
  return given;
}
