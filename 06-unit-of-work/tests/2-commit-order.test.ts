import { describe, expect, it } from 'vitest'
import { raised } from '#shared/testing/raised'
import { CircularDependencyError, commitOrder } from '#stage/06-unit-of-work'

/** `{ b: ['a'] }`: b needs a first. */
const needing = (needs: Record<string, string[]>) => (item: string) => needs[item] ?? []

describe('Task 2: put the changes in order', () => {
  it('leaves the order as it is when nobody needs anybody', () => {
    expect(commitOrder(['c', 'a', 'b'], needing({}))).toEqual(['c', 'a', 'b'])
  })

  it('moves forward what is needed, and nothing else', () => {
    const order = commitOrder(['a', 'post', 'b', 'user', 'c'], needing({ post: ['user'] }))

    expect(order).toEqual(['a', 'user', 'post', 'b', 'c'])
  })

  it('gives nothing for nothing', () => {
    expect(commitOrder([], needing({}))).toEqual([])
  })

  it('follows needs of needs', () => {
    const order = commitOrder(['c', 'b', 'a'], needing({ c: ['b'], b: ['a'] }))

    expect(order).toEqual(['a', 'b', 'c'])
  })

  it('gives an item once that two others need', () => {
    const order = commitOrder(['x', 'y', 'user'], needing({ x: ['user'], y: ['user'] }))

    expect(order).toEqual(['user', 'x', 'y'])
  })

  it('does not take two ways to one item for a circle', () => {
    const order = commitOrder(['d', 'c', 'b', 'a'], needing({ d: ['c', 'b'], c: ['a'], b: ['a'] }))

    expect([order.at(0), order.at(-1)]).toEqual(['a', 'd'])
    expect(order.toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('does not run out of stack in a chain of ten thousand', () => {
    const items = Array.from({ length: 10_000 }, (_, i) => i)
    const order = commitOrder(items, (i) => (i < 9_999 ? [i + 1] : []))

    expect(order[0]).toBe(9_999)
    expect(order).toHaveLength(10_000)
  })

  it('looks at each item once, however many need it', () => {
    let looks = 0
    const items = Array.from({ length: 200 }, (_, i) => i)
    commitOrder(items, (i) => {
      looks += 1
      return items.slice(i + 1)
    })

    expect(looks).toBe(200)
  })

  describe('a circle', () => {
    it('is an error that holds the circle, without what leads to it', () => {
      const needs = needing({ start: ['a'], a: ['b'], b: ['c'], c: ['a'] })
      const error = raised(() => commitOrder(['start', 'a', 'b', 'c'], needs))

      expect(error).toBeInstanceOf(CircularDependencyError)
      const { circle } = error as CircularDependencyError<string>
      // A circle has no beginning: any of the three may stand first.
      expect(circle.toSorted()).toEqual(['a', 'b', 'c'])
    })

    it('is told in its order: each waits for the next, and the last for the first', () => {
      const needs = needing({ start: ['c'], a: ['b'], b: ['c'], c: ['a'] })
      const error = raised(() => commitOrder(['start', 'a', 'b', 'c'], needs))

      const { circle } = error as CircularDependencyError<string>
      expect(circle).toHaveLength(3)
      for (const [i, item] of circle.entries()) expect(needs(item)).toEqual([circle[(i + 1) % 3]])
    })

    it('can be an item that needs itself', () => {
      const error = raised(() => commitOrder(['a'], needing({ a: ['a'] })))

      expect((error as CircularDependencyError<string>).circle).toEqual(['a'])
    })
  })
})
