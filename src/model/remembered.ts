/** What was found out of some texts, for the next time that one of them comes. */

/** The same function, which finds out once what a text gives, and at times once more: of so many texts it is known, and then of none. */
export function remembered<Value>(most: number, find: (text: string) => Value): (text: string) => Value {
  const known = new Map<string, Value>();
  return (text) => {
    const value = known.get(text);
    if (value !== undefined || known.has(text)) return value as Value;
    const found = find(text);
    if (known.size >= most) known.clear();
    known.set(text, found);
    return found;
  };
}
