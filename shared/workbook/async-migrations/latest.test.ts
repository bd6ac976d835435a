import { describe, expect, it } from 'vitest'
import {
  DataLossError,
  ForkedHistoryError,
  HistoryError,
  MigrationFailedError,
  migrateToLatest,
} from '#stage/09-async'
import { fileText } from '../../../07-migrations/tests/project.ts'
import { refused } from '../../../09-async/tests/refused.ts'
import { everywhere, usePostgres } from './places.ts'
import { applied, openProject, tables, writeChain } from './project.ts'

// What a server does when it starts.

usePostgres()

describe.each(everywhere)('migrateToLatest on $name', ({ place }) => {
  it('applies what is pending, says what it was, and does nothing the second time', async () => {
    const project = openProject(await place())
    const names = writeChain(project)
    await project.tool('migrate', '--to', '2')

    expect(await migrateToLatest(project.db, project.folder)).toEqual(names.slice(2))
    expect(await applied(project)).toEqual(names)
    expect(await migrateToLatest(project.db, project.folder)).toEqual([])
    expect(project.db.usage.holders).toEqual([])
  })

  it('has nothing to do where there are no files', async () => {
    const project = openProject(await place())

    expect(await migrateToLatest(project.db, project.folder)).toEqual([])
  })

  it('applies everything once when several start at once', async () => {
    const project = openProject(await place())
    const names = writeChain(project)
    const starts = [1, 2, 3, 4].map(() => migrateToLatest(project.db, project.folder))

    expect((await Promise.all(starts)).flat().sort()).toEqual(names)
    expect((await project.values('SELECT n FROM marks')).sort()).toEqual([1, 2, 3])
  })

  it('stops where a migration fails, and keeps those before it', async () => {
    const project = openProject(await place())
    const names = writeChain(project)
    project.write('0005_broken', fileText({ after: [names[3]!], up: ['SELECT nobody'] }))

    const error = await refused(migrateToLatest(project.db, project.folder))

    expect(error).toBeInstanceOf(MigrationFailedError)
    expect(await applied(project)).toEqual(names)
  })

  it('refuses a history that is not in order, and changes nothing', async () => {
    const project = openProject(await place())
    writeChain(project)
    await project.tool('migrate', '--to', '1')
    const text = project.read('0001_marks')

    project.write('0001_marks', text.replace('n INTEGER', 'm INTEGER'))
    expect(await refused(migrateToLatest(project.db, project.folder))).toBeInstanceOf(HistoryError)
    project.write('0001_marks', text)
    project.write('0002_other', fileText({ after: ['0001_marks'] }))
    expect(await refused(migrateToLatest(project.db, project.folder))).toBeInstanceOf(
      ForkedHistoryError,
    )
    expect(await applied(project)).toEqual(['0001_marks'])
  })

  it('loses no data without being told: nothing is applied, not even what comes before', async () => {
    const project = openProject(await place())
    const [first = ''] = writeChain(project)
    await project.tool('migrate', '--to', '3')
    const text = project.read('0004_three')
    project.write('0004_three', text.replace('-- up', "-- up\n-- data loss: Table 'marks' goes."))

    expect(await refused(migrateToLatest(project.db, project.folder))).toBeInstanceOf(DataLossError)
    expect(await applied(project)).toHaveLength(3)
    expect(await tables(project)).toContain(first.slice(5))
  })
})
