/** A text with the stage's variables in place of `${stageVariables.name}`. */
export const withStageVariables = (text: string, variables: Readonly<Record<string, string>> | undefined): string =>
  text.includes('${stageVariables.')
    ? text.replace(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => variables?.[name] ?? '')
    : text;
