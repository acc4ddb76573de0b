// The types of totpd.js.

export interface Reply {
  ok: boolean;
  error?: string;
  [field: string]: unknown;
}

export class Totpd {
  constructor(path?: string, milliseconds?: number);
  /** Is this the user's code, for the first time? After a lost reply it asks once more. */
  verify(user: string, code: string, more?: Record<string, unknown>): Promise<Reply>;
  /** The reply, in which `ok` is true or false. What failed is false and `unavailable`. */
  ask(request: Record<string, unknown>): Promise<Reply>;
}
