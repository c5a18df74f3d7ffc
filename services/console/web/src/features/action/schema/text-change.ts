/** One change that makes `before` into `after`: places of the cursor outside of it stay. */
export interface TextChange {
  from: number;
  to: number;
  insert: string;
}

export function changeBetween(before: string, after: string): TextChange | null {
  if (before === after) return null;
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before.charCodeAt(same) === after.charCodeAt(same)) same += 1;
  let sameAtEnd = 0;
  while (
    sameAtEnd < shorter - same &&
    before.charCodeAt(before.length - 1 - sameAtEnd) === after.charCodeAt(after.length - 1 - sameAtEnd)
  ) {
    sameAtEnd += 1;
  }
  return { from: same, to: before.length - sameAtEnd, insert: after.slice(same, after.length - sameAtEnd) };
}
