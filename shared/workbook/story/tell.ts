import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { type Draft, draft, type Line, newName } from '../../blog/story.ts'
import { root } from '../root.ts'
import type { Stage } from '../stages.ts'
import { type Lines, leadOf, linesOf, textOf } from './lines.ts'
import { openStand, type Sent } from './stands.ts'

/** What each stage's `story.ts` exports. `DB` is the connection of that stage, wrapped by the recorder. */
interface Story<DB = any> {
  /** Names the connection that everybody uses, in stages that have one. */
  connect?(db: DB): void
  publish(draft: Draft, db: DB): number | Promise<number>
  rename(post: number, name: string, db: DB): void | Promise<void>
  list(db: DB): Line[] | Promise<Line[]>
  /** Runs into what is still wrong at this stage, and says it with what it has met. Throws when it is not wrong any more. */
  wrong(db: DB): string | Promise<string>
}

/** What happened when a stage told the story. */
export interface Told {
  readonly number: string
  readonly title: string
  /** What is new at this stage: the first lines of its `story.ts`. */
  readonly lead: string
  readonly database: string
  readonly statements: { readonly [act in Act]: readonly string[] }
  /** How often the program waited until the database had answered. */
  readonly waits: number
  readonly lines: Lines
  readonly wrong: string
  /** The ten posts, as the last act gives them. */
  readonly list: readonly Line[]
}

export const acts = ['publish', 'rename', 'list'] as const
export type Act = (typeof acts)[number]

/** Has a stage's solution tell the story. Where it stands on PostgreSQL, `url` says which. */
export async function tell(stage: Stage, url?: string, post: Draft = draft): Promise<Told> {
  const story = await load(stage)
  await using stand = await openStand(stage, url)
  story.connect?.(stand.db)
  const published = await stand.watch(() => story.publish(post, stand.db))
  const renamed = await stand.watch(() => story.rename(published.result, newName, stand.db))
  const listed = await stand.watch(() => story.list(stand.db))
  const sent: readonly Sent[] = [published, renamed, listed]
  return {
    number: stage.number,
    title: stage.title,
    lead: leadOf(textOf(stage)),
    database: stand.name,
    statements: {
      publish: published.statements,
      rename: renamed.statements,
      list: listed.statements,
    },
    waits: sent.reduce((sum, { waits }) => sum + waits, 0),
    lines: linesOf(stage),
    list: listed.result,
    wrong: (await stand.watch(() => story.wrong(stand.db))).result,
  }
}

const load = ({ folder }: Stage): Promise<Story> =>
  import(/* @vite-ignore */ pathToFileURL(join(root, folder, 'story.ts')).href)

/** The stages whose list is not that of the first one: none, or somebody tells another story. */
export const othersThanFirst = (told: readonly Told[]): string[] =>
  told.filter(({ list }) => !isDeepStrictEqual(list, told[0]?.list)).map(({ number }) => number)
