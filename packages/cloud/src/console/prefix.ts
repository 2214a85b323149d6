/** Everything of the console lies under this path of the main port: no AWS service has it. */
export const PREFIX = '/_skein';
