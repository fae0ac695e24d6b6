/** The languages every course must be complete in. */
export const languages = ['en', 'zh'] as const
export type Language = (typeof languages)[number]

/** A text in every language of the course. */
export type Text = Readonly<Record<Language, string>>

/** The same words in both languages: names, values, what a program printed. */
export function same(text: string): Text {
  return { en: text, zh: text }
}

export function isLanguage(value: string | undefined): value is Language {
  return value !== undefined && (languages as readonly string[]).includes(value)
}

/** Joins texts per language. */
export function text(strings: TemplateStringsArray, ...values: readonly (Text | string | number)[]): Text {
  const make = (language: Language) =>
    strings.reduce((out, part, i) => {
      const value = values[i - 1]
      return out + (typeof value === 'object' ? value[language] : String(value)) + part
    })
  return { en: make('en'), zh: make('zh') }
}
