import { accessDenied, tooManyLevels, validation } from './errors.ts';

const MOST_LEVELS = 15;

/** Checks the name of a parameter that is to be made. @throws ValidationException, AccessDeniedException, HierarchyLevelLimitExceededException */
export function checkName(name: string): void {
  const first = name.replace(/^\//, '').split('/')[0] ?? '';
  if (/^aws/i.test(first)) throw accessDenied(`No access to reserved parameter name: ${name}.`);
  if (/^ssm/i.test(first) || !/^[\w.\-/]+$/.test(name) || name.includes('//') || name.endsWith('/')) {
    throw validation(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    );
  }
  if (name.includes('/') && !name.startsWith('/')) throw validation('Parameter name must be a fully qualified name.');
  if (name.startsWith('/') && name.split('/').length - 1 > MOST_LEVELS) throw tooManyLevels();
}

/** Checks a path that parameters are looked for under. @throws ValidationException */
export function checkPath(path: string): void {
  if (/^\/[\w.\-/]*$/.test(path)) return;
  throw validation(
    'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". It can\'t be prefixed with "aws" or "ssm" (case-insensitive). It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. All sub-paths, if specified, must use the forward slash symbol "/". Valid example: /get/parameters2-/by1./path0_.',
  );
}
