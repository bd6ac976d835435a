/** One line of a comparison: an expected item beside the one that came, either of which may be missing. */
export interface Pair<E, S> {
  readonly expected?: E
  readonly sent?: S
  readonly matches: boolean
}

/**
 * Lays two lists side by side so that as many lines as possible match (a longest common subsequence),
 * so one statement too many does not make all that follow it look wrong.
 */
export function align<E, S>(
  expected: readonly E[],
  sent: readonly S[],
  fits: (expected: E, sent: S) => boolean,
): Pair<E, S>[] {
  const lengths = commonLengths(expected, sent, fits)
  const pairs: Pair<E, S>[] = []
  let i = 0
  let j = 0
  while (i < expected.length && j < sent.length) {
    const e = expected[i] as E
    const s = sent[j] as S
    if (fits(e, s))
      pairs.push({ expected: expected[i++] as E, sent: sent[j++] as S, matches: true })
    else if (at(lengths, i + 1, j + 1) === at(lengths, i, j))
      pairs.push({ expected: expected[i++] as E, sent: sent[j++] as S, matches: false })
    else if (at(lengths, i + 1, j) >= at(lengths, i, j + 1))
      pairs.push({ expected: expected[i++] as E, matches: false })
    else pairs.push({ sent: sent[j++] as S, matches: false })
  }
  for (; i < expected.length; i++) pairs.push({ expected: expected[i] as E, matches: false })
  for (; j < sent.length; j++) pairs.push({ sent: sent[j] as S, matches: false })
  return pairs
}

/** `lengths[i][j]`: how many of expected[i…] and sent[j…] can match, in order. */
function commonLengths<E, S>(
  expected: readonly E[],
  sent: readonly S[],
  fits: (expected: E, sent: S) => boolean,
): number[][] {
  const lengths = Array.from({ length: expected.length + 1 }, () => Array(sent.length + 1).fill(0))
  for (let i = expected.length - 1; i >= 0; i--) {
    for (let j = sent.length - 1; j >= 0; j--) {
      const skipped = Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1))
      const matched = fits(expected[i] as E, sent[j] as S) ? at(lengths, i + 1, j + 1) + 1 : 0
      ;(lengths[i] as number[])[j] = Math.max(skipped, matched)
    }
  }
  return lengths
}

const at = (lengths: number[][], i: number, j: number) => lengths[i]?.[j] ?? 0
