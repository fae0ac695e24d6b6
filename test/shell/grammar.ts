import fc from 'fast-check'

const word = fc.constantFrom(
  'a',
  '"b c"',
  "'d'",
  '$x',
  '"$x"',
  '${y:-z}',
  '${y+set}',
  '${x%i}',
  '${x#h}',
  '${#x}',
  '"${x:-"q r"}"',
  '$((1+2))',
  '$((n+=1))',
  '$(echo s)',
  '`echo t`',
  '"$(echo "u  v")"',
  '*',
  'q/*',
  '\\$',
  '\\"',
  '"$@"',
  '$*',
  '"$*"',
  '$#',
  '$?',
  'a"b"\'c\'',
  '{}',
  '~x',
  'a#b',
  '[a]',
  '$x$y',
  '"\\$x"',
  "'a  b'",
  '""',
  '${z-}',
)

const name = fc.constantFrom('x', 'y', 'z', 'n')

const simple = fc.oneof(
  { weight: 4, arbitrary: fc.array(word, { maxLength: 4 }).map((words) => `echo ${words.join(' ')}`) },
  {
    weight: 2,
    arbitrary: fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => `printf '[%s]' ${words.join(' ')}; echo`),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(name, word).map(([to, value]) => `${to}=${value.replace(/^(\*|q\/\*|"\$@"|\$\*)$/, '"$*"')}`),
  },
  fc.tuple(name, word).map(([to, value]) => `${to}=${value.includes('$((n+') ? 1 : `"\${${to}}x"`} echo t`),
  fc.array(word, { maxLength: 3 }).map((words) => `set -- ${words.join(' ')}`),
  fc.array(word, { maxLength: 2 }).map((words) => `f ${words.join(' ')}`),
  fc
    .tuple(
      fc.constantFrom('$x', 'a', '$y', '$(echo s)', ''),
      fc.constantFrom('=', '!='),
      fc.constantFrom('$z', 'a', 's', ''),
    )
    .map(([a, operator, b]) => `[ "${a}" ${operator} "${b}" ]`),
  fc.constantFrom(
    'true',
    'false',
    ':',
    'test "$x" = hi',
    '[ 1 -lt 2 ]',
    '[ -n "$y" ]',
    'shift 2>/dev/null',
    'mkdir -p q && cd q',
    'cd ..; pwd >/dev/null',
    'read z < /etc/hostname; z=',
    ': ${w:=v}',
    'unset x',
    'unset y z',
    'export x',
    'touch g h "i j"',
    'echo out > o; cat o',
    'echo more >> o; wc -l < o',
    'cat o 2>/dev/null',
    'echo err >&2',
    'n=$((n*2+1)); echo $n',
    'set -e; set +e',
    'eval "echo $x"',
    'eval \'y="$x"\'',
    'command echo c',
    'IFS=:; x=a:b; echo $x; unset IFS',
    'local l=1 2>/dev/null; echo "[$l]"',
    '(exit 4)',
    'sh -c "exit 2"',
    "trap 'echo bye' EXIT",
    'echo "a b" | { read p q; echo "$q $p"; }',
    'sleep 0.01 & wait $!',
    'seq 3 | while read i; do echo "r$i"; done',
    'echo ab | tr a-b x-y',
    "printf 'c\\nb\\n' | sort",
    'ls',
    'break',
    'continue',
    'set -f; echo *; set +f',
    'cat <<E\n$x `echo h` \\$y $((2*3))\nE',
    "cat <<'E'\n$x \\\nE",
    'while read l; do echo "<$l>"; done <<E\n a  b\n$x\nE',
  ),
)

const pattern = fc.constantFrom('h*', '*', 'hi', '"$y"', '[a-h]*', '?', 'a|b', '""', '\\*', '*i')

/** Scripts of the shell's grammar, up to a few levels deep. */
export const script: fc.Arbitrary<string> = fc
  .array(
    fc.letrec<{ command: string }>((tie) => ({
      command: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        simple,
        fc.tuple(tie('command'), fc.constantFrom(' && ', ' || ', '\n'), tie('command')).map(join),
        tie('command').map((body) => `{ ${body}\n}`),
        tie('command').map((body) => `( ${body}\n)`),
        tie('command').map((body) => `{ ${body}\n} | cat`),
        tie('command').map((body) => `{ ${body}\n} > p; cat p`),
        tie('command').map((body) => `{ ${body}\n} 2>/dev/null`),
        tie('command').map((body) => `( ${body}\n) & wait $!; echo "w$?"`),
        fc
          .tuple(tie('command'), tie('command'), tie('command'))
          .map(([a, b, c]) => `if ${a}\nthen ${b}\nelse ${c}\nfi`),
        fc
          .tuple(fc.array(word, { maxLength: 3 }), tie('command'))
          .map(([words, body]) => `for i in ${words.join(' ')}; do ${body}\ndone`),
        tie('command').map((body) => `k=0; while [ $k -lt 2 ]; do k=$((k+1)); ${body}\ndone`),
        fc
          .tuple(word, pattern, tie('command'), tie('command'))
          .map(([of, like, a, b]) => `case ${of} in ${like}) ${a}\n;; *) ${b}\n;; esac`),
        tie('command').map((body) => `echo "[$( ${body}\n)]"`),
        tie('command').map((body) => `x=$( ${body}\n); echo "$x $?"`),
        tie('command').map((body) => `! { ${body}\n}; echo $?`),
        tie('command').map((body) => `g() { ${body}\n}; g one 'two 2'; echo "g$?"`),
      ),
    })).command,
    { minLength: 1, maxLength: 4 },
  )
  .map((lines) => `f() { echo "f:$#:$1"; }\n${lines.join('\n')}\necho "end $? $# $x|$y"`)

function join(parts: readonly string[]): string {
  // A here-document ends with its line, so nothing can follow on it.
  return parts[0]!.includes('<<') ? `${parts[0]}\n${parts[2]}` : parts.join('')
}
