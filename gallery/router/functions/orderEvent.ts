/** What happened to an order. */
export interface OrderEvent {
  readonly id: string;
  /** `order.placed`, `order.paid`, `order.cancelled`: it decides which task gets the event. */
  readonly type: string;
  readonly order: string;
  readonly address?: string;
}
