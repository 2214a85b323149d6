/** Who a step belongs to: the label's first word (`Charge.0`, `client`, `clock`). */
export const ownerOf = (label: string): string => label.split(' ', 1)[0] ?? '';

/** What the step is, without who does it. */
export const stepOf = (label: string): string => label.slice(ownerOf(label).length + 1);
