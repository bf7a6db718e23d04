# Puts JavaCPP's generated sources into an order of their own: it writes functions, and the members of structs, in the order in
# which the JVM happens to list them. Sorted, the same sources give the same library, and what did not change need not be
# compiled again. Each line gets two keys in front, for LC_ALL=C sort | cut -f 3-.

# { "sizeof", "b", "a" } and { sizeof(S), offsetof(S, b), offsetof(S, a) }: all but the first by name, in both alike
function by_name(line,   tail, part, n, i, j, member) {
  match(line, / \}.*$/)
  tail = substr(line, RSTART)
  line = substr(line, 1, RSTART - 1)
  gsub(/, ("|offsetof)/, "\n&", line)
  n = split(line, part, "\n")
  for (i = 3; i <= n; i++) {
    member = part[i]
    for (j = i; j > 2 && part[j - 1] > member; j--) part[j] = part[j - 1]
    part[j] = member
  }
  line = part[1]
  for (i = 2; i <= n; i++) line = line part[i]
  return line tail
}

BEGIN { key = 0 }
/^ *\{ ("sizeof"|sizeof\()/ { $0 = by_name($0) }
/^JNIEXPORT .* Java_.*\{$/ { key = "1" $0 }
{ printf "%s\t%06d\t%s\n", key, NR, $0 }
/^}$/ && key != 0 { key = 2 }
