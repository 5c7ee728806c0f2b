// @ts-check
/** A command, as a control says it. */

/** @type {Record<string, (value: string) => string | number | null>} */
const KINDS = { number: Number, null: () => null, text: String };

/**
 * @param {string} type
 * @param {{ seat?: string, message?: string }} target who or what the control stands beside
 * @param {[name: string, value: string, kind?: string][]} fields
 */
export function command(type, { seat, message }, fields) {
  /** @type {Command} */
  const made = { type };
  if (message) made.message = message;
  else if (seat) made.seat = seat;
  for (const [name, value, kind] of fields) made[name] = KINDS[kind ?? 'text'](value);
  return made;
}
