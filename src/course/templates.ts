/** First versions of a course's files, by what `kubebook new` is asked for. */
export const templates: Readonly<Record<string, Template>> = {
  chapter: {
    names: [/^\d\d-[a-z0-9-]+$/],
    files: (chapter) => ({ [`lessons/${chapter}/chapter.yaml`]: chapterText }),
  },
  page: {
    names: [/^\d\d-[a-z0-9-]+$/, /^\d\d-[a-z0-9-]+$/],
    files: (chapter, page) => ({
      [`lessons/${chapter}/${page}.en.md`]: pageText('A title', 'The page in one sentence.', 'One idea.'),
      [`lessons/${chapter}/${page}.zh.md`]: pageText('标题', '用一句话概括这一页。', '一页只讲一件事。'),
    }),
  },
  lab: {
    names: [/^\d\d-[a-z0-9-]+$/, /^[a-z0-9-]+$/],
    files: (chapter, lab) => ({
      [`labs/${chapter}/${lab}.yaml`]: labText(chapter!, lab!),
      [`graders/${chapter}/${lab}.yaml`]: graderText(lab!),
    }),
  },
}

interface Template {
  /** What each name must look like. */
  names: readonly RegExp[]
  /** Path to text. */
  files(...names: string[]): Record<string, string>
}

const chapterText = `# yaml-language-server: $schema=../../src/course/schemas/chapter.schema.json
format: 1
title: {en: A title, zh: 标题}
about: {en: One sentence., zh: 一句话。}
labs: []
`

const pageText = (title: string, summary: string, text: string) => `---
title: ${title}
summary: ${summary}
---

${text}

\`\`\`sh run
kubectl get nodes
\`\`\`
`

const labText = (
  chapter: string,
  lab: string,
) => `# yaml-language-server: $schema=../../src/course/schemas/lab.schema.json
# Add "${lab}" to labs in lessons/${chapter}/chapter.yaml.
format: 1
title: {en: A title, zh: 标题}
minutes: 5
teaches: [${chapter}/01-page]
task:
  en: |
    Make a ConfigMap called \`${lab}\` …
  zh: |
    创建名为 \`${lab}\` 的 ConfigMap……
start:
  topology: two-node
hints:
- en: A nudge.
  zh: 提个醒。
- en: Nearly the answer.
  zh: 几乎就是答案。
solutions:
- name: imperative
  script: kubectl create configmap ${lab} --from-literal=color=blue
mistakes:
- name: nothing was done
  script: 'true'
  fails: [exists]
  told: [configmap/${lab}]
- name: another name
  script: kubectl create configmap other --from-literal=color=blue
  fails: [exists]
  told: [configmap/${lab}]
- name: another value
  script: kubectl create configmap ${lab} --from-literal=color=red
  fails: [value]
  told: [blue]
debrief:
  en: What was learnt.
  zh: 学到了什么。
`

const graderText = (lab: string) => `# yaml-language-server: $schema=../../src/course/schemas/grader.schema.json
format: 1
settle: 30s
checks:
- id: exists
  title: {en: The ConfigMap ${lab} exists, zh: 名为 ${lab} 的 ConfigMap 存在}
  object: {apiVersion: v1, kind: ConfigMap, metadata: {name: ${lab}}}
- id: value
  title: {en: It holds the colour, zh: 里面有颜色}
  needs: [exists]
  object: {apiVersion: v1, kind: ConfigMap, metadata: {name: ${lab}}, data: {color: blue}}
`
