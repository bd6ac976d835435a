import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type CpuProfile,
  callTree,
  curves,
  flame,
  html,
  profileCpu,
  RelationUsage,
  timeByPart,
  unusedEagerLoads,
  writeCpuProfile,
} from '#stage/08-profiling'
import { Comment, open, Post, User } from './models.ts'

describe('Given: what was loaded in vain', () => {
  const watched = () => {
    const usage = new RelationUsage()
    const { session } = open({ usage })
    const unused = () =>
      unusedEagerLoads(usage, [User, Post, Comment]).map(
        ({ model, relation }) => `${model.name}.${relation.property}`,
      )
    return { session, unused }
  }

  it('is found for collections and for one object', () => {
    const { session, unused } = watched()
    session.query(User).with({ posts: true, profile: true }).all()
    expect(unused()).toEqual(['User.posts', 'User.profile'])
  })

  it('is not what one of many has read', () => {
    const { session, unused } = watched()
    const [, bob] = session.query(User).with({ posts: true }).all()
    expect(bob!.posts.map(({ title }) => title)).toEqual(['Notes on Joins'])
    expect(unused()).toEqual([])
  })

  it('is not what was only counted, or asked for its length', () => {
    const { session, unused } = watched()
    const [alice] = session
      .query(User)
      .with({ posts: { comments: true } })
      .all()
    expect(alice!.posts.count()).toBe(2)
    expect(unused()).toEqual(['Post.comments'])
  })

  it('is not what is loaded at its touch', () => {
    const { session, unused } = watched()
    for (const user of session.query(User).all()) user.posts.toArray()
    expect(unused()).toEqual([])
  })

  it('is not what looking loads nothing for: JSON and logs read nothing', () => {
    const { session, unused } = watched()
    JSON.stringify(session.query(User).with({ posts: true }).all())
    expect(unused()).toEqual(['User.posts'])
  })
})

/** Two calls of `work` from `main`, and the processor with nothing to do. */
const profile: CpuProfile = {
  startTime: 0,
  endTime: 10_000,
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 4] },
    { id: 2, callFrame: frame('main', 'file:///x/page/app.ts'), children: [3] },
    { id: 3, callFrame: frame('work', 'file:///x/08-profiling/solution/query/compile.ts') },
    { id: 4, callFrame: frame('(idle)') },
  ],
  samples: [2, 3, 3, 4],
  timeDeltas: [0, 1000, 2000, 3000, 4000],
}

function frame(functionName: string, url = '') {
  return { functionName, url, scriptId: '1', lineNumber: 0, columnNumber: 0 }
}

describe('Given: a CPU profile', () => {
  it('is a tree of calls, each with its own time and that of what it called', () => {
    const [main] = callTree(profile).calls.filter(({ name }) => name === 'main')
    expect(main).toMatchObject({ own: 1, total: 6, calls: [{ name: 'work', own: 5, total: 5 }] })
  })

  it('says in which folder the time was spent', () => {
    expect(Object.fromEntries(timeByPart(callTree(profile)))).toEqual({
      program: 1,
      query: 5,
      idle: 4,
    })
  })

  it('is drawn without the waiting, the wider the longer', () => {
    const widths = [
      ...String(flame(profile)).matchAll(/<rect x="[\d.]+" y="\d+" width="([\d.]+)" height="17"/g),
    ]
    expect(widths.map(([, width]) => Number(width))).toEqual([959.5, 959.5, 799.5])
  })

  // V8 writes down all functions that there are before it begins, which takes its time on a busy machine.
  it('is taken of a run, and gives its result', { timeout: 30_000 }, () => {
    const { result, profile } = profileCpu(function busyWork() {
      const { user } = process.cpuUsage()
      let n = 0
      // Time of the processor, not of the clock: on a busy machine the clock runs on while nobody works.
      while (process.cpuUsage().user < user + 50_000) n++
      return n
    })
    expect(result).toBeGreaterThan(0)
    expect(profile.nodes.some(({ callFrame }) => callFrame.functionName === 'busyWork')).toBe(true)
  })

  it('is taken again after a run that failed', { timeout: 30_000 }, () => {
    const fail = () => {
      throw new Error('in the middle')
    }
    expect(() => profileCpu(fail)).toThrow('in the middle')
    expect(profileCpu(() => 1).result).toBe(1)
  })

  it('is written as the tools read it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'profile-'))
    const file = join(folder, 'page.cpuprofile')
    writeCpuProfile(profile, file)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(profile)
    rmSync(folder, { recursive: true })
  })
})

describe('Given: curves', () => {
  const points = (statements: (n: number) => number) =>
    [10, 100, 1000].map((n) => ({ n, statements: statements(n), milliseconds: n / 10 }))
  const lines = (picture: string) =>
    [...picture.matchAll(/<polyline points="([^"]+)"/g)].map(([, line]) =>
      line!.split(' ').map((point) => Number(point.split(',')[1])),
    )

  it('climb where the cost grows with the list, and lie flat where it does not', () => {
    const [lazy, eager] = lines(
      String(
        curves([
          { name: 'lazy', points: points((n) => n + 1) },
          { name: 'eager', points: points(() => 2) },
        ]),
      ),
    )
    expect(lazy![0]! > lazy![1]! && lazy![1]! > lazy![2]!).toBe(true)
    expect(new Set(eager)).toHaveLength(1)
  })

  it('are drawn for a single point too, and for no time at all', () => {
    const picture = String(
      curves([{ name: 'one', points: [{ n: 1, statements: 1, milliseconds: 0 }] }]),
    )
    expect(picture).not.toMatch(/NaN|Infinity/)
  })

  it('carry the names that they are given, as text', () => {
    expect(String(curves([{ name: '<b>', points: points(() => 1) }]))).toContain('&#60;b&#62;')
  })
})

describe('Given: the html template', () => {
  it('escapes what is filled in, and joins lists', () => {
    expect(String(html`<p title="${'"&\''}">${['<a>', html`<b>ok</b>`]}</p>`)).toBe(
      '<p title="&#34;&#38;&#39;">&#60;a&#62;<b>ok</b></p>',
    )
  })

  it('fills in nothing for what is not there', () => {
    expect(String(html`[${undefined}${null}${false}${0}]`)).toBe('[0]')
  })
})
