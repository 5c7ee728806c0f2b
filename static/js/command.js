// @ts-check
/** A command, as a control says it. */

/** @type {Record<string, (value: string) => string | number | boolean | null>} */
const KINDS = {
  number: (value) => (value === '' ? null : Number(value)),
  boolean: (value) => value === 'true',
  null: () => null,
  text: String,
};

/**
 * @param {string} type
 * @param {{ seat?: string, message?: string }} target who or what the control stands beside
 * @param {[name: string, value: string, kind?: string][]} fields a later one of a name replaces it; of a list, it joins it
 */
export function command(type, { seat, message }, fields) {
  /** @type {Command} */
  const made = { type };
  if (message) made.message = message;
  else if (seat) made.seat = seat;
  for (const [name, value, kind = 'text'] of fields) {
    if (kind !== 'list') made[name] = KINDS[kind](value);
    else if (value.trim()) made[name] = [.../** @type {string[]} */ (made[name] ?? []), value];
  }
  return made;
}
