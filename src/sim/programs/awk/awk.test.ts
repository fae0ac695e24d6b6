import { expect, test } from 'vitest'
import { asProgram } from '../applet/applet.ts'
import { runProgram } from '../testing/run-program.ts'
import { awk as applet } from './awk.ts'

const awk = asProgram(applet, 'gnu')

/** program, standard input, what it prints */
const CASES: [string, string, string][] = [
  ['{print $2}', 'a b c\nd  e f\n', 'b\ne\n'],
  ['NR>1{print $1, NF}', 'a b\nc d e\n', 'c 3\n'],
  ['{split($2,a,"/"); if(a[1]==a[2] && $3=="Running") n++} END{print n+0}', 'p 1/1 Running\nq 0/1 Running\n', '1\n'],
  ['{print ($9>40)?"most of one CPU":$9}', '1 2 3 4 5 6 7 8 97.0', 'most of one CPU\n'],
  ['BEGIN{printf "%5.2f|%-4s|%03d\\n", 3.14159, "ab", 7}', '', ' 3.14|ab  |007\n'],
  ['BEGIN{OFS="-"} {$1=$1; print; $5="x"; print NF, $0}', 'a b c', 'a-b-c\n5-a-b-c--x\n'],
  ['/start/,/end/', 'x\nstart\ny\nend\nz\n', 'start\ny\nend\n'],
  ['{gsub(/o/,"[&]"); print}', 'foo boo', 'f[o][o] b[o][o]\n'],
  ['function f(n){return n<2?n:f(n-1)+f(n-2)} BEGIN{print f(12)}', '', '144\n'],
  [
    'BEGIN{x["a"]=1; delete x["a"]; print ("a" in x), length("hello"), substr("hello",2,3), toupper("x"), index("abc","c")}',
    '',
    '0 5 ell X 3\n',
  ],
  ['BEGIN{while(i<3){i++; if(i==2)continue; print i}}', '', '1\n3\n'],
  ['BEGIN{print 1e6, 0.1+0.2, 1/3, -3%2, 2^10, 2**3}', '', '1000000 0.3 0.333333 -1 1024 8\n'],
  ['$1 ~ /^a/ && !/z/ {print "y"; next} {print "n"}', 'ab\naz\nb\n', 'y\nn\nn\n'],
  ['{ print $1 > "/dev/stderr"; print "out" }', 'e', 'out\n'],
  ['END{print $0, NR}', 'a\nb\n', 'b 2\n'],
  ['{print length}', 'abc\n', '3\n'],
  ['BEGIN{if(match("foobar",/o+/)) print RSTART, RLENGTH}', '', '2 2\n'],
  ['{print $NF; print $(NF-1)}', 'a b c', 'c\nb\n'],
  ['BEGIN{print length("x" 1+1 "y")}', '', '3\n'],
  ['$2==10', 'a 10\nb 10.0\nc 9\n', 'a 10\nb 10.0\n'],
  ['BEGIN{print "a" > "/tmp/o"; close("/tmp/o"); while((getline l < "/tmp/o")>0) print "got " l}', '', 'got a\n'],
]

test.each(CASES)('awk %j on %j', async (program, input, output) => {
  const seen = await runProgram(awk, ['awk', program], { stdin: input })
  expect(seen.stdout).toBe(output)
})

test('-F and -v', async () => {
  const seen = await runProgram(awk, ['awk', '-F:', '-v', 'n=2', '{print $n}'], { stdin: 'a:b:c\n' })
  expect(seen).toMatchObject({ stdout: 'b\n', status: 0 })
})

test('a syntax error and a missing file are told, with status 2', async () => {
  expect((await runProgram(awk, ['awk', '{print'], {})).status).toBe(2)
  const seen = await runProgram(awk, ['awk', '1', '/nope'], {})
  expect(seen).toMatchObject({ status: 2, stderr: expect.stringContaining('/nope') })
})

test('an endless loop can be killed', async () => {
  const seen = await runProgram(awk, ['awk', 'BEGIN{while(1);}'], { killAfter: 500 })
  expect(seen.signal).toBe('SIGKILL')
})
