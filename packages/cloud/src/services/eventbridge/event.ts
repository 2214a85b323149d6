/** An event as rules see it. */
export type Event = Readonly<Record<string, unknown>>;

export interface NewEvent {
  readonly id: string;
  readonly detailType: string;
  readonly source: string;
  readonly account: string;
  /** ms since 1970 */
  readonly time: number;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** An event in the order of AWS's members. */
export const eventOf = ({ id, detailType, source, account, time, region, resources, detail }: NewEvent): Event => ({
  version: '0',
  id,
  'detail-type': detailType,
  source,
  account,
  time: timeOf(time),
  region,
  resources,
  detail,
});

/** Whole seconds, as in AWS. */
export const timeOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;
