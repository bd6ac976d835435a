/** What you will have at the end: npm start -- 02 */

import { inspect } from 'node:util'
import type { Connection } from '#shared/driver/driver'
import { record, type Statement } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { transaction } from '#shared/driver/transaction'
import { TodoError } from '#shared/todo'
import { connect, Model, Registry, registry, t } from '#stage/02-active-record'

class User extends Model('users', {
  id: t.integer().primaryKey(),
  name: t.text(),
  email: t.text().unique(),
  age: t.integer().nullable(),
  joinedAt: t.timestamp().default(() => new Date('2026-01-05T09:00:00Z')),
}) {
  greet() {
    return `Hi, ${this.name}`
  }
}

class Photo extends Model('photos', {
  id: t.integer().primaryKey(),
  views: t.bigint(),
  isPublic: t.boolean().default(false),
  takenAt: t.timestamp(),
  tags: t.json<string[]>().default([]),
  pixels: t.blob(),
}) {
  override beforeSave() {
    say('beforeSave')
  }

  override afterCreate() {
    say(`afterCreate, id ${this.id}`)
  }
}

title('1. From the declaration')
openDatabase(registry)

title('2. Save, find, change, save')
const user = new User({ name: 'Bob', email: 'bob@example.com' })
user.save()

const foundUser = User.find(user.id)
if (foundUser) {
  say(foundUser.name)

  foundUser.name = 'Robert'
  foundUser.save()
  foundUser.save()
  say('saved a second time: nothing had changed, so nothing was sent')
}

title('3. Every type, both ways')
const photo = Photo.create({
  views: 9_007_199_254_740_993n,
  takenAt: new Date('2026-02-10T12:30:00Z'),
  pixels: Uint8Array.of(255, 128, 0),
})
say(Photo.get(photo.id))
photo.tags.push('sunset')
photo.takenAt.setUTCFullYear(2025)
say(photo.changes())
photo.save()

title('4. Two copies of one row')
const [mine, yours] = [User.get(1), User.get(1)]
mine.name = 'Bobby'
mine.save()
yours.age = 26
yours.save()
say(
  `mine === yours: ${mine === yours}. yours.name: ${yours.name}, in the database: ${User.get(1).name}`,
)

title('5. Mistakes that speak')
attempt(() => User.where({ email: undefined as never }))
attempt(() => User.where({ nmae: 'Bob' } as never))
attempt(() =>
  Object.assign(new User({ name: 'Eve', email: 'eve@example.com' }), { age: Number.NaN }).save(),
)
mine.delete()
attempt(() => mine.save())
yours.name = 'Rob'
attempt(() => yours.save())

title('6. Two registries, two databases')
const archive = new Registry()
class OldUser extends Model(
  'users',
  { id: t.integer().primaryKey(), name: t.text() },
  { registry: archive },
) {}
openDatabase(archive)
OldUser.create({ name: 'Zoë' })
say(`users: ${User.count()}, old users: ${OldUser.count()}`)

title('7. One connection for everybody')
const oneConnection = openDatabase(registry)
try {
  transaction(oneConnection, () => {
    User.create({ name: 'Alice', email: 'alice@example.com' })
    otherRequest()
    throw new Error('the payment of Alice was refused')
  })
} catch (error) {
  if (error instanceof TodoError) throw error
  say(`Alice is told: ${(error as Error).message}`)
}
say(`Carol was told "welcome". Users in the database: ${User.count()}`)

/** Another request, which comes in while the first one is in its transaction. */
function otherRequest(): void {
  User.create({ name: 'Carol', email: 'carol@example.com' })
  say('Carol is told: welcome')
}

/** A fresh database with the tables of a registry. Every statement is shown as it is sent. */
function openDatabase(models: Registry): Connection {
  const db = record(openSqlite(), show)
  connect(db, models)
  models.createAll(db)
  return db
}

function show({ sql, parameters }: Statement): void {
  console.log(`    ${sql}`)
  if (parameters.length > 0) console.log(`      with ${inLine(parameters)}`)
}

function attempt(run: () => unknown): void {
  try {
    run()
    say('no error')
  } catch (error) {
    if (error instanceof TodoError) throw error
    say(`${(error as Error).name}: ${(error as Error).message.split('\n')[0]}`)
  }
}

function say(what: unknown): void {
  console.log(`  ${typeof what === 'string' ? what : inLine(what)}`)
}

function inLine(value: unknown): string {
  return inspect(value, { breakLength: Number.POSITIVE_INFINITY })
}

function title(text: string): void {
  console.log(`\n${text}`)
}
