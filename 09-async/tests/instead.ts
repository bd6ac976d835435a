/** An object with one method in another version. */
export const instead = <T extends object>(object: T, changed: Partial<T>): T =>
  new Proxy(object, {
    get(target, key) {
      if (key in changed) return Reflect.get(changed, key)
      const value = Reflect.get(target, key, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
