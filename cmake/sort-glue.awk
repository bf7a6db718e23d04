# Puts JavaCPP's generated sources into an order of their own: it writes functions, the members of structs, and the classes that it
# numbers, in the order in which the JVM happens to list methods. Sorted, the same sources give the same library, and what did
# not change need not be compiled again. Each line gets two keys in front, for LC_ALL=C sort | cut -f 3-.

function emit(line) { printf "%s\t%06d\t%s\n", key, ++lines, line }

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

# Of the rows of JavaCPP_classNames: order[k] is the old number of class k, rank[i] the new one of class i.
function number_classes(   i, j) {
  for (i = 0; i < rows; i++) {
    for (j = i; j > 0 && row[order[j - 1]] > row[i]; j--) order[j] = order[j - 1]
    order[j] = i
  }
  for (i = 0; i < rows; i++) rank[order[i]] = i
}

# JavaCPP_getClass(env, 7) and its like name a class by its number.
function renumber(line,   done) {
  while (match(line, /JavaCPP_[A-Za-z]+\(env, [0-9]+/)) {
    match(substr(line, 1, RSTART + RLENGTH - 1), /[0-9]+$/)
    done = done substr(line, 1, RSTART - 1) rank[substr(line, RSTART, RLENGTH) + 0]
    line = substr(line, RSTART + RLENGTH)
  }
  return done line
}

function sort_sizes(line,   size, n, i) {
  match(line, /\{ .* \}/)
  n = split(substr(line, RSTART + 2, RLENGTH - 4), size, ", ")
  line = substr(line, 1, RSTART)
  for (i = 0; i < n; i++) line = line (i ? ", " : " ") size[order[i] + 1]
  return line " };"
}

BEGIN { key = 0 }
/^ *\{ ("sizeof"|sizeof\()/ { $0 = by_name($0) }
in_table {
  last = sub(/ \};$/, "")
  sub(/,$/, "")
  row[rows++] = $0
  if (last) {
    if (in_table == "classNames") number_classes()
    for (i = 0; i < rows; i++) emit(row[order[i]] (i + 1 < rows ? "," : " };"))
    in_table = ""
  }
  next
}
match($0, /JavaCPP_(classNames|members|offsets)\[.* = \{$/) {
  in_table = substr($0, RSTART + 8)
  sub(/\[.*/, "", in_table)
  rows = 0
}
/JavaCPP_memberOffsetSizes\[.* = \{ / { $0 = sort_sizes($0) }
/^JNIEXPORT .* Java_.*\{$/ { key = "1" $0 }
{ emit(renumber($0)) }
/^}$/ && key != 0 { key = 2 }
