const numbers = new Intl.NumberFormat('en-US');

/** `1,240 rows`, `1 row` */
export function count(amount: number, noun: string): string {
  return `${numbers.format(amount)} ${noun}${amount === 1 ? '' : 's'}`;
}

export function groupDigits(amount: number): string {
  return numbers.format(amount);
}
