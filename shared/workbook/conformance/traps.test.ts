import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../root.ts'
import { cases } from './cases.ts'
import { ids, traps } from './traps.ts'

const all = Object.values(traps).flat()
const proofs = all.flatMap(({ proofs }) => proofs)

it('every stage has its traps, and every trap its proofs', () => {
  expect(Object.keys(traps)).toHaveLength(10)
  expect(all.filter((one) => one.proofs.length === 0)).toEqual([])
  expect(all.length).toBeGreaterThan(120)
})

it('a proof is a case of the suite, or a test that is there', () => {
  const texts = new Map<string, string>()
  const textOf = (file: string) => {
    const path = join(root, file)
    const text = texts.get(file) ?? (existsSync(path) ? readFileSync(path, 'utf8') : '')
    texts.set(file, text)
    return text
  }
  const isThere = (proof: string) => {
    const [file = '', title] = proof.split(' › ')
    if (title === undefined) return ids.has(proof)
    return [`'${title}'`, `"${title}"`, `\`${title}\``].some((one) => textOf(file).includes(one))
  }

  expect(proofs.filter((proof) => !isThere(proof))).toEqual([])
})

it('every case has an id of its own, and proves something', () => {
  expect(ids.size).toBe(cases.length)
  expect([...ids].filter((id) => !proofs.includes(id))).toEqual([])
})
