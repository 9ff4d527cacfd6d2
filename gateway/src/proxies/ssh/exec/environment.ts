const MAX_VARIABLES = 32;
const MAX_CHARACTERS = 256;

/** Variables that a client sets for its command (RFC 4254 section 6.4): none but what tells a language or a terminal. */
export class Environment {
  readonly variables: Record<string, string> = {};

  /** Whether it is passed on. */
  take(name: string, value: string): boolean {
    if (!/^(LANG|LC_[A-Z]{1,32}|COLORTERM)$/.test(name) || !/^[\w.@:+-]*$/.test(value)) return false;
    if (value.length > MAX_CHARACTERS || Object.keys(this.variables).length >= MAX_VARIABLES) return false;
    this.variables[name] = value;
    return true;
  }
}
