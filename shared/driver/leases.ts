import type { Holder, Leak, PoolOptions, PoolUsage } from './async-driver.ts'
import { callSiteOf, deepTrace } from './call-site.ts'
import { PoolClosedError, PoolTimeoutError } from './errors.ts'

/** The right to use one connection, until it is given back. */
export interface Lease {
  giveBack(): void
  /** Hears when the user of the lease was collected and never gave it back. */
  watch(user: object, onLost: () => void): void
}

/** Who asks: the way to a line of the program, or the SQL of a statement that is sent by itself. */
type Origin = Error | string

/** Somebody who waits for a lease. */
interface Waiter {
  readonly origin: Origin
  readonly grant: (lease: Lease) => void
  readonly refuse: (error: unknown) => void
}

/**
 * How many may use a database at once, who does, and who waits: first come, first served. It knows nothing of connections,
 * so that both databases use it.
 */
export class Leases {
  readonly #size: number
  readonly #acquireTimeout: number
  readonly #leakAfter: number | undefined
  readonly #onLeak: (leak: Leak) => void
  readonly #held = new Set<HeldLease>()
  /** A Set remembers the order in which they came, and lets one go away again. */
  readonly #waiters = new Set<Waiter>()
  #whenEmpty: (() => void) | undefined
  #isClosed = false

  constructor(size: number, options: PoolOptions = {}) {
    this.#size = size
    this.#acquireTimeout = options.acquireTimeout ?? 5000
    this.#leakAfter = options.leakAfter
    this.#onLeak = options.onLeak ?? warn
  }

  get usage(): PoolUsage {
    const holders = [...this.#held].map((lease) => lease.holder)
    return { size: this.#size, holders, waiting: this.#waiters.size }
  }

  /** Whether nobody has a lease, and one could be had. */
  get isFree(): boolean {
    return this.#held.size === 0 && !this.#isClosed
  }

  /**
   * A lease, as soon as there is one.
   *
   * @param sql of a statement that is sent by itself: it says who has the lease, and to look for the line would cost as much as to send it
   *
   * @throws {PoolTimeoutError} when nobody gave one back in time
   * @throws {PoolClosedError} when the database was closed
   */
  async take(signal?: AbortSignal, sql?: string): Promise<Lease> {
    const origin = sql ?? deepTrace()
    signal?.throwIfAborted()
    if (this.#isClosed) throw new PoolClosedError()
    return this.#held.size < this.#size ? this.#lend(origin) : this.#wait(origin, signal)
  }

  /** No new leases; resolves when all were given back. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const { refuse } of this.#waiters) refuse(new PoolClosedError())
    if (this.#held.size === 0) return
    await new Promise<void>((resolve) => {
      const others = this.#whenEmpty
      this.#whenEmpty = () => {
        others?.()
        resolve()
      }
    })
  }

  #wait(origin: Origin, signal: AbortSignal | undefined): Promise<Lease> {
    return new Promise<Lease>((resolve, reject) => {
      const settle = (finish: () => void) => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', abort)
        this.#waiters.delete(waiter)
        finish()
      }
      const waiter: Waiter = {
        origin,
        grant: (lease) => settle(() => resolve(lease)),
        refuse: (error) => settle(() => reject(error)),
      }
      const abort = () => waiter.refuse(signal?.reason)
      const giveUp = () => waiter.refuse(new PoolTimeoutError(this.#acquireTimeout, this.usage))
      const timer = setTimeout(giveUp, this.#acquireTimeout)
      signal?.addEventListener('abort', abort, { once: true })
      this.#waiters.add(waiter)
    })
  }

  #lend(origin: Origin): Lease {
    const lease = new HeldLease(origin, () => this.#takeBack(lease), this.#onLeak)
    lease.warnAfter(this.#leakAfter)
    this.#held.add(lease)
    return lease
  }

  #takeBack(lease: HeldLease): void {
    this.#held.delete(lease)
    const [next] = this.#waiters
    // Lent before anybody else can ask, so that there are never more than `size`.
    next?.grant(this.#lend(next.origin))
    if (this.#held.size === 0) this.#whenEmpty?.()
  }
}

class HeldLease implements Lease {
  readonly #origin: Origin
  readonly #since = performance.now()
  readonly #takeBack: () => void
  readonly #onLeak: (leak: Leak) => void
  #timer: NodeJS.Timeout | undefined
  #isOver = false

  constructor(origin: Origin, takeBack: () => void, onLeak: (leak: Leak) => void) {
    this.#origin = origin
    this.#takeBack = takeBack
    this.#onLeak = onLeak
  }

  get holder(): Holder {
    const origin = this.#origin
    const who =
      typeof origin === 'string'
        ? { callSite: undefined, sql: origin }
        : { callSite: callSiteOf(origin) }
    return { ...who, milliseconds: Math.round(performance.now() - this.#since) }
  }

  giveBack(): void {
    if (this.#isOver) return
    this.#isOver = true
    clearTimeout(this.#timer)
    lost.unregister(this)
    this.#takeBack()
  }

  warnAfter(milliseconds: number | undefined): void {
    if (milliseconds === undefined) return
    this.#timer = setTimeout(() => this.#tell('held'), milliseconds)
    this.#timer.unref()
  }

  watch(user: object, onLost: () => void): void {
    const whenLost = () => {
      this.#tell('lost')
      onLost()
      this.giveBack()
    }
    lost.register(user, whenLost, this)
  }

  #tell(kind: Leak['kind']): void {
    this.#onLeak({ kind, ...this.holder })
  }
}

/** Users that were collected while they held a lease. */
const lost = new FinalizationRegistry<() => void>((whenLost) => whenLost())

function warn({ kind, callSite, sql, milliseconds }: Leak): void {
  const what =
    kind === 'held' ? 'has been in use' : 'was never given back, and nobody has it any more; taken'
  process.emitWarning(
    `A database connection ${what}${kind === 'held' ? ' for' : ''} ${milliseconds} ms${kind === 'held' ? '' : ' ago'}. ` +
      `It was taken at ${callSite ?? sql ?? 'an unknown place'}. ` +
      'This usually happens when a session is not closed on every path. Open it with `await using`, or with a callback.',
    'ConnectionLeakWarning',
  )
}
