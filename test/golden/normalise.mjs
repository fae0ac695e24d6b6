// The judge of a recorded step: both sides go through normalise(), then must be equal, character for character.
// It replaces only what differs between two runs of one scenario on one real cluster.
// `node normalise.mjs FILE` prints a file normalised.

const SUFFIX = '[bcdfghjklmnpqrstvwxz2456789]' // the alphabet of generated names
const DURATION = String.raw`(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+(?:\.\d+)?s)?`

/** @type {[RegExp, string][]} applied in order */
const RULES = [
  // identifiers
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uid>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}(?:-[0-9a-f]{4})?(?:\.\.\.)?(?=\s|$)/g, '<uid>'],
  [/\b(?:sha256:)?[0-9a-f]{64}\b/g, '<digest>'],
  [/\bsha256:[0-9a-f]{12,63}/g, '<digest>'],
  [/\b[0-9a-f]{12}\b/g, '<id>'],
  [/\b[0-9a-f]{32}\b/g, '<id>'],
  [/\b(?:[0-9a-f]{2}:){5}[0-9a-f]{2}\b/g, '<mac>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]+/g, '<token>'],
  // times
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z| ?[+-]\d\d:?\d\d(?: [A-Z]{3,4})?)?/g, '<time>'],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? \d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d(?: (?:[+-]\d{4}|[A-Z]{3,4}))?/g,
    '<time>',
  ],
  [
    /\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d(?: [A-Z]{3,4})? \d{4}/g,
    '<time>',
  ],
  [/\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d (?:\d\d:\d\d|\d{4})\b/g, '<time>'],
  [/\b\d\d\/(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}/g, '<time>'],
  [
    /\b(?:Less than a second|About a minute|About an hour|\d+ (?:seconds?|minutes?|hours?|days?|weeks?|months?|years?))(?= ago|\s|$|\))/g,
    '<age>',
  ],
  [/\bUp (?:Less than a second|About a minute|About an hour|<age>)/g, 'Up <age>'],
  [/\(x\d+ over [^)]*\)/g, '(<count>)'],
  [/in \d[\w.]*s \(\d[\w.]*s including waiting\)/g, 'in <age> (<age> including waiting)'],
  [/(?<=Image size: )\d+(?= bytes)/g, '<bytes>'],
  [new RegExp(String.raw`(?<![\w./:=-]|for )(?=\d)${DURATION}(?<=[ydhms])(?![\w./:-])`, 'g'), '<age>'],
  // a Linux machine's and a container engine's own numbers
  [/\b(cgroup|ipc|mnt|net|pid|pid_for_children|time|time_for_children|user|uts):\[\d+\]/g, '$1:[<inode>]'],
  [/\bveth[0-9a-f]{7}\b/g, 'veth<id>'],
  [/(?<=@)if\d+\b/g, 'if<n>'],
  [/(?<=time=)[\d.]+(?= ms)/g, '<ms>'],
  [/(?<=min\/avg\/max(?:\/mdev)? = )[\d./]+(?= ms)/g, '<ms>'],
  [/\b\d+(?:\.\d+)?(?:B|kB|KB|MB|GB|MiB|GiB|KiB)(?=[\s/)]|$)/gm, '<size>'],
  [/\b\d+\.\d\d%/g, '<percent>'],
  [/(?<= {2})[a-z]+_[a-z]+\d?$/gm, '<name>'],
  // generated names: a controller's hash, a Pod's suffix, a projected token volume
  [new RegExp(`(kube-api-access-)${SUFFIX}{5}\\b`, 'g'), '$1<rand>'],
  [new RegExp(`(?<=[a-z0-9]-)${SUFFIX}{8,10}-${SUFFIX}{5}\\b`, 'g'), '<hash>-<rand>'],
  [new RegExp(`(?<=[a-z0-9]-)(?=${SUFFIX}*\\d)${SUFFIX}{8,10}\\b`, 'g'), '<hash>'],
  [
    new RegExp(`(?<=(?:pod-template-hash|controller-revision-hash)[=:] ?"?(?:[a-z0-9.-]+-)?)${SUFFIX}{6,10}\\b`, 'g'),
    '<hash>',
  ],
  [new RegExp(`(?<=[a-z0-9>]-)(?=[a-z0-9]*)${SUFFIX}{5}(?=[\\s"'/:,)\\]]|$)`, 'gm'), '<rand>'],
  [/(?<=[a-z0-9]-)\d{8}(?=[\s"'/-]|$)/gm, '<minute>'],
  // addresses, ports, revisions
  [/\b(?:10|172|192)\.\d{1,3}\.\d{1,3}\.\d{1,3}(?:\/\d+)?\b/g, '<ip>'],
  [/\b(?:10|172|192)-\d{1,3}-\d{1,3}-\d{1,3}\b/g, '<ip-dashed>'],
  [/(?<=:)3[0-2]\d{3}(?=\/(?:TCP|UDP|SCTP))/g, '<nodeport>'],
  [/(?<=NodePort:\s+\S+\s+)3[0-2]\d{3}(?=\/)/g, '<nodeport>'],
  [/(?<=nodePort["']?: )3[0-2]\d{3}\b/g, '<nodeport>'],
  [/(?<="?resourceVersion"?: ?)"?\d+"?/g, '<rv>'],
  [/(?<=resourceVersion=)\d+/g, '<rv>'],
  // alignment follows the length of what was replaced
  [/-{4,}/g, '----'],
  [/(?<=\S) {2,}/g, '  '],
  [/[ \t]+$/gm, ''],
]

/** Text with everything volatile replaced. */
export function normalise(text) {
  let out = text ?? ''
  for (const [pattern, replacement] of RULES) out = out.replace(pattern, replacement)
  return sortGenerated(out.replace(/\n+$/, '').split('\n')).join('\n')
}

/** Rows named by generated names come in an order that means nothing: neighbours are sorted. */
function sortGenerated(lines) {
  const generated = (line) => /^(?:[\w-]+ +)?\S*<(?:hash|rand|minute)>/.test(line)
  const out = []
  for (let i = 0; i < lines.length; ) {
    let j = i
    while (j < lines.length && generated(lines[j])) j++
    if (j > i) out.push(...lines.slice(i, j).sort())
    else out.push(lines[j++])
    i = j
  }
  return out
}

if (process.argv[2] && import.meta.url.endsWith('/normalise.mjs') && process.argv[1].endsWith('normalise.mjs')) {
  const { readFileSync } = await import('node:fs')
  console.log(normalise(readFileSync(process.argv[2], 'utf8')))
}
