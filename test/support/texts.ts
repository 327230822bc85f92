/** Texts like those of real projects, one a language or format, without any secret and without a name of a provider. */

/** A few lines, repeated with other numbers and names until there are as many as in a file. */
function file(...lines: readonly string[]): string {
  const words = ['order', 'invoice', 'basket', 'parcel', 'ledger', 'member', 'session', 'report'];
  return Array.from({ length: 24 }, (_, round) =>
    lines.map((line) => line.replaceAll('NAME', words[round % words.length] ?? '').replaceAll('NUMBER', String(round * 37 + 11))).join('\n'),
  ).join('\n');
}

export const TEXTS: readonly string[] = [
  file(
    'export function NAMENUMBER(items: readonly Item[]): number {',
    '  return items.reduce((sum, { price }) => sum + price * NUMBER, 0);',
    '}',
    '',
  ),
  file('const NAME = require("./NAME");', 'module.exports.NAMENUMBER = async (req, res) => res.json({ count: NUMBER });'),
  file('def NAME_NUMBER(self, rows):', '    """Sums the rows of a NAME."""', '    return sum(row.amount for row in rows if row.year > NUMBER)', ''),
  file('func (s *Store) NAMENUMBER(ctx context.Context) (int, error) {', '\treturn s.count(ctx, "NAME", NUMBER)', '}', ''),
  file('public final class NAMENUMBER {', '    private final int limit = NUMBER;', '    public int limit() { return limit; }', '}'),
  file('class NAMENUMBER < Base', '  LIMIT = NUMBER', '  def call(rows) = rows.first(LIMIT)', 'end'),
  file('<?php function NAMENUMBER(array $rows): int {', '    return count($rows) + NUMBER;', '}'),
  file('pub fn NAME_NUMBER(rows: &[Row]) -> usize {', '    rows.iter().filter(|row| row.year > NUMBER).count()', '}'),
  file('static int NAMENUMBER(const struct row *rows, size_t n) {', '\treturn n > NUMBER ? (int)n : NUMBER;', '}'),
  file('public record NAMENUMBER(int Count) {', '    public bool Full => Count > NUMBER;', '}'),
  file('fun NAMENUMBER(rows: List<Row>): Int = rows.count { it.year > NUMBER }'),
  file('func NAMENUMBER(_ rows: [Row]) -> Int { rows.filter { $0.year > NUMBER }.count }'),
  file('- title: NAME', '  size: NUMBER', '  tags: [small, red]'),
  `[\n${file('  { "title": "NAME", "size": NUMBER, "tags": ["small", "red"] },')}\n  {}\n]`,
  file('[NAME-NUMBER]', 'size = NUMBER', 'title = "A NAME"', ''),
  file('resource "local_file" "NAME_NUMBER" {', '  filename = "${path.module}/NAME-NUMBER.txt"', '  content  = "NUMBER"', '}'),
  file('<item title="NAME"><size>NUMBER</size></item>'),
  file('## NAME NUMBER', '', 'A NAME is made when somebody asks for one. It has NUMBER parts, and each of them has a name.', ''),
  file('if [ "$COUNT" -gt NUMBER ]; then', '  echo "more than NUMBER: NAME" >&2', 'fi'),
  file('CREATE TABLE NAME_NUMBER (title TEXT NOT NULL, size INTEGER DEFAULT NUMBER);', "INSERT INTO NAME_NUMBER VALUES ('NAME', NUMBER);"),
];
