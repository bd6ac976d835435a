import fc from 'fast-check'
import { expect } from 'vitest'
import { UniqueViolation } from '#shared/driver/errors'
import { record } from '#shared/driver/recorder'
import { openSqlite } from '#shared/driver/sqlite'
import { raised } from '#shared/testing/raised'
import {
  belongsTo,
  entity,
  hasMany,
  manyToMany,
  Registry,
  Session,
  t,
} from '#stage/06-unit-of-work'
import { tryRandomly } from './random.ts'

// Random programs run on a session and on a plain model of objects. Whatever they do, after a commit the database must hold
// what the model holds, and after a rollback, or a flush that fails, memory must be what it was.

const models = new Registry()

class Node extends entity(
  'nodes',
  {
    id: t.integer().primaryKey(),
    label: t.text().unique(),
    code: t.text().nullable().unique(),
    weight: t.integer().nullable(),
    parentId: t
      .integer()
      .nullable()
      .references(() => Node.c.id),
    parent: () => belongsTo(Node).nullable(),
    children: () => hasMany(Node),
    marks: () => manyToMany(Mark, { through: () => Pair }),
  },
  { registry: models },
) {}

class Mark extends entity(
  'marks',
  {
    id: t.integer().primaryKey(),
    name: t.text().unique(),
    nodes: () => manyToMany(Node, { through: () => Pair }),
  },
  { registry: models },
) {}

class Pair extends entity(
  'pairs',
  {
    nodeId: t
      .integer()
      .primaryKey({ generated: false })
      .references(() => Node.c.id, { onDelete: 'cascade' }),
    markId: t
      .integer()
      .primaryKey({ generated: false })
      .references(() => Mark.c.id),
  },
  { registry: models },
) {}

/** What a node is to the model: plain values, and links to other plain nodes. */
interface Plain {
  readonly object: Node
  label: string
  code: string | null
  weight: number | null
  parent: Plain | null
  marks: Set<number>
}

/** The program's whole world: the nodes that are alive, each with its object. */
type World = Plain[]

const copyOf = (world: World): World => {
  const copies = new Map(world.map((plain) => [plain, { ...plain, marks: new Set(plain.marks) }]))
  for (const copy of copies.values()) copy.parent = copy.parent && copies.get(copy.parent)!
  return [...copies.values()]
}

class Run {
  readonly connection = record(openSqlite(), ({ sql }) => this.#follow(sql))
  readonly session: Session
  readonly marks: Mark[]
  /** As the program wants it, and as it was committed last. */
  now: World = []
  committed: World = []
  #labels = 0
  #isOpen = false

  constructor() {
    models.createAll(this.connection)
    for (const name of ['a', 'b', 'c'])
      this.connection.run('INSERT INTO marks (name) VALUES (?)', [name])
    this.session = new Session(this.connection)
    this.marks = this.session.query(Mark).all()
  }

  do(step: Step): void {
    const target = this.now[step.target % Math.max(1, this.now.length)]
    const other = this.now[step.other % Math.max(1, this.now.length)]
    if (step.kind === 'add') this.#add(other && step.flag ? other : null)
    else if (step.kind === 'flush') this.session.flush()
    else if (step.kind === 'commit') this.#commit()
    else if (step.kind === 'rollback') this.#rollback()
    else if (step.kind === 'clash') this.#clash()
    else if (step.kind === 'transaction') this.#transaction(step)
    else if (target) this.#change(step, target, other!)
  }

  #add(parent: Plain | null): void {
    const label = `node ${this.#labels++}`
    const code = this.#labels % 3 === 0 ? null : `code ${this.#labels}`
    const object = new Node({ label, code, weight: null })
    if (parent) parent.object.children.add(object)
    this.session.add(object)
    this.now.push({ object, label, code, weight: null, parent, marks: new Set() })
  }

  #change(step: Step, target: Plain, other: Plain): void {
    if (step.kind === 'weigh') target.weight = target.object.weight = step.other
    else if (step.kind === 'swap') this.#swap(target, other, step.flag ? 'code' : 'label')
    else if (step.kind === 'relate') this.#relate(target, step.flag ? other : null)
    else if (step.kind === 'mark') this.#mark(target, step.other % this.marks.length)
    else if (step.kind === 'delete') this.#delete(target, step.flag)
  }

  /** Two unique values change places. */
  #swap(one: Plain, other: Plain, unique: 'label' | 'code'): void {
    ;[one[unique], other[unique]] = [other[unique]!, one[unique]!]
    for (const { object, label, code } of [one, other]) Object.assign(object, { label, code })
  }

  /** Any graph is allowed: chains, circles, a node that is its own parent. */
  #relate(child: Plain, parent: Plain | null): void {
    child.parent = parent
    child.object.parent = parent ? parent.object : null
  }

  #mark(node: Plain, index: number): void {
    const mark = this.marks[index]!
    if (node.marks.delete(index)) node.object.marks.remove(mark)
    else {
      node.marks.add(index)
      node.object.marks.add(mark)
    }
  }

  /** Its children lose their parent; its label and its code may be taken at once by a new node. */
  #delete(node: Plain, replace: boolean): void {
    for (const child of this.now) if (child.parent === node) this.#relate(child, null)
    this.session.delete(node.object)
    this.now.splice(this.now.indexOf(node), 1)
    if (!replace) return
    const { label, code } = node
    const object = new Node({ label, code })
    this.session.add(object)
    this.now.push({ object, label, code, weight: null, parent: null, marks: new Set() })
  }

  #commit(): void {
    this.session.commit()
    this.#isCommitted()
  }

  #isCommitted(): void {
    this.committed = copyOf(this.now)
    this.check()
  }

  #rollback(): void {
    this.session.rollback()
    this.#goBackTo(this.committed)
  }

  #goBackTo(world: World): void {
    this.now = copyOf(world)
    this.check()
  }

  /** A flush that fails because of one row: everything is as it was, and without that row it works. */
  #clash(): void {
    const clash = new Mark({ name: 'a' })
    this.session.add(clash)
    const before = this.#memory()
    expect(raised(() => this.session.flush())).toBeInstanceOf(UniqueViolation)
    expect(this.#memory()).toEqual(before)
    this.session.expunge(clash)
  }

  /** What the session and the objects say of themselves. */
  #memory(): unknown[] {
    const { session, now } = this
    const states = now.map(({ object }) => [session.stateOf(object), object.id, object.parentId])
    return [...states, [...session.new], [...session.dirty], [...session.deleted]]
  }

  /** With nothing around it, it ends with a commit, or takes back everything; otherwise it is a savepoint. */
  #transaction({ inner, flag: fails }: Step): void {
    const isInside = this.#isOpen
    const before = copyOf(isInside ? this.now : this.committed)
    const stop = new Error('stop')
    const run = () => {
      for (const step of inner) this.do(step)
      if (fails) throw stop
    }
    if (fails) expect(raised(() => this.session.transaction(run))).toBe(stop)
    else this.session.transaction(run)
    if (fails) this.#goBackTo(before)
    else if (!isInside) this.#isCommitted()
  }

  #follow(sql: string): void {
    if (sql === 'BEGIN') this.#isOpen = true
    if (sql === 'COMMIT' || sql === 'ROLLBACK') this.#isOpen = false
  }

  /** The database and the objects hold what the model holds, and nothing is left to write. */
  check(): void {
    const { now, connection } = this
    expect(this.#stored()).toEqual(now.map(described).sort())
    for (const { object, label, code, weight, parent, marks } of now) {
      expect([object.label, object.code, object.weight, object.parent]).toEqual([
        label,
        code,
        weight,
        parent?.object ?? null,
      ])
      expect(object.marks.map((mark) => mark.id - 1).sort()).toEqual([...marks].sort())
    }
    expect([this.session.new, this.session.dirty, this.session.deleted]).toEqual([[], [], []])
    connection.forget()
    this.session.flush()
    expect(connection).toHaveSentCount(0)
  }

  #stored(): string[] {
    const rows = this.connection.values(
      `SELECT n.label || ' ' || COALESCE(n.code, '-') || ' ' || COALESCE(n.weight, '-') || ' < ' || COALESCE(p.label, '-') || ' : ' ||
        COALESCE((SELECT GROUP_CONCAT(mark_id - 1) FROM (SELECT mark_id FROM pairs WHERE node_id = n.id ORDER BY mark_id)), '')
       FROM nodes n LEFT JOIN nodes p ON p.id = n.parent_id`,
    )
    return rows.map(String).sort()
  }
}

const described = ({ label, code, weight, parent, marks }: Plain): string =>
  `${label} ${code ?? '-'} ${weight ?? '-'} < ${parent?.label ?? '-'} : ${[...marks].sort().join()}`

interface Step {
  readonly kind:
    | 'add'
    | 'weigh'
    | 'swap'
    | 'relate'
    | 'mark'
    | 'delete'
    | 'flush'
    | 'clash'
    | 'commit'
    | 'rollback'
    | 'transaction'
  readonly target: number
  readonly other: number
  readonly flag: boolean
  /** What a transaction does. */
  readonly inner: readonly Step[]
}

const everywhere = [
  'add',
  'add',
  'weigh',
  'swap',
  'relate',
  'relate',
  'mark',
  'delete',
  'flush',
] as const

const step = (kinds: readonly Step['kind'][], inner: fc.Arbitrary<readonly Step[]>) =>
  fc.record<Step>({
    kind: fc.constantFrom(...kinds),
    target: fc.nat(9),
    other: fc.nat(9),
    flag: fc.boolean(),
    inner,
  })

/** The steps of a transaction: a commit or a rollback is not allowed there, but another transaction is, three deep. */
const inside = (depth: number): fc.Arbitrary<readonly Step[]> =>
  depth === 0
    ? fc.constant([])
    : fc.array(step([...everywhere, 'clash', 'transaction'], inside(depth - 1)), { maxLength: 6 })

const steps = fc.array(
  step([...everywhere, 'clash', 'commit', 'rollback', 'transaction'], inside(3)),
  { minLength: 5, maxLength: 30 },
)

/** Runs random programs, each followed by a commit. */
export function tryPrograms(): void {
  const property = fc.property(steps, (program) => {
    const run = new Run()
    for (const step of program) run.do(step)
    run.do({ kind: 'commit', target: 0, other: 0, flag: false, inner: [] })
    run.connection.close()
  })
  tryRandomly(property, 120)
}
