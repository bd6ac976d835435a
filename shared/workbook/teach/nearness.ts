import type { Mistake } from '../mistakes.ts'
import type { Stage } from '../stages.ts'
import type { Lesson, Question } from './readme.ts'

/** A wrong answer beside the main ideas of its stage. */
export interface Ranked {
  readonly mistake: Mistake
  readonly score: number
  /** The question of "predict before you run" that it comes nearest to. */
  readonly question: Question | undefined
}

/**
 * The wrong answers, those nearest to the main ideas of the stage first. The main ideas are its goals, the sentence that
 * says what was learnt, and the questions that learners answer before they run anything: each of them is one idea.
 *
 * Counted are the words that a wrong answer shares with the goals and with the nearest question, each the more the fewer
 * wrong answers hold it, against the length of its text.
 */
export function rankByNearness(
  { learnt, builds }: Stage,
  { goals, predictions }: Lesson,
  mistakes: readonly Mistake[],
): Ranked[] {
  const texts = mistakes.map((mistake) => wordsIn(textOf(mistake)))
  const ideas = wordsIn([...goals, learnt, builds].join(' '))
  const questions = predictions.map((one) => ({
    one,
    words: wordsIn(`${one.question} ${one.answer}`),
  }))
  const holders = (word: string) => texts.filter((words) => words.has(word)).length
  const weight = (word: string) => Math.log(1 + texts.length / Math.max(1, holders(word)))
  const shared = (own: Words, idea: Words) =>
    [...own].filter((word) => idea.has(word)).reduce((sum, word) => sum + weight(word), 0)
  const ranked = mistakes.map((mistake, at): Ranked => {
    const own = texts[at] ?? new Set()
    const near = questions.map(({ one, words }) => ({ one, score: shared(own, words) }))
    const [nearest] = near.sort((a, b) => b.score - a.score)
    const score = (shared(own, ideas) + (nearest?.score ?? 0)) / Math.sqrt(own.size)
    return { mistake, score, question: nearest?.one }
  })
  return ranked.sort((a, b) => b.score - a.score)
}

const textOf = ({ name, why, ask, caughtBy }: Mistake) =>
  [name, why, ask, caughtBy.replace(/^Task \d+: /, '')].join(' ')

type Words = ReadonlySet<string>

/** Words of four letters and more, without their endings: what is shorter says little. */
function wordsIn(text: string): Words {
  const words = text.toLowerCase().match(/\p{L}{4,}|\bn\+1|json|null/gu) ?? []
  return new Set(words.map((word) => word.replace(/(?:ies|es|s|ed|ing)$/, '')))
}
