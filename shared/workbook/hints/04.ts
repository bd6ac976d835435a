export const hints: Record<number, readonly string[]> = {
  1: [
    'Begin with findForeignKey. `candidates` holds every column that points to the other table; how many of them may be left for an answer?',
    'findForeignKey: when `search.named` is set, keep only the candidate with that property. Exactly one left: give it. Everything else: `throw new RelationError(explainSearch(from, to, candidates, search))`.',
    'endsOf: who holds the foreign key? For belongsTo the owner: `findForeignKey(owner.table, target.table, search)`. For hasMany and hasOne the target: the same call with the tables exchanged.',
    '`referencedColumn(foreignKey, table)` gives the other end. For belongsTo the foreign key is `from`; for the other two it is `to`. Read endsThrough below: it is the same for a junction.',
  ],
  2: [
    'Three cases, in this order: it is known, there is no key, it has to be loaded.',
    '`knownOne(object, relation)` gives `{ object, key }`, or undefined when nothing is known or the key has changed. `relatedKey(object, relation)` is what would be asked for; `isNothing` is true for null and undefined, and not for 0.',
    '`lazyLoad(object, relation)` sends the statement and gives a list; `remember(object, relation, found)` keeps it, and tells the other side as well. Remember an empty list too: it means that there is none.',
    'The last line is `return found[0] ?? null`.',
  ],
  3: [
    'Write `#items` first. Everything else goes through it, so that there is one place that loads.',
    '`this.#many.items` is undefined as long as nothing is loaded, and a Set afterwards. An empty Set is loaded: do not ask for its size.',
    '#items: give `items` when there are some; otherwise `remember(this.#owner, this.#relation, lazyLoad(this.#owner, this.#relation))`, and then `this.#many.items!`.',
    'toArray is `[...this.#items] as T[]`; the iterator is that of toArray: `this.toArray().values()`. The Set has an iterator too, but that one sees what the body of the loop adds and deletes.',
    'toJSON and inspect.custom ask `this.isLoaded` first, which loads nothing.',
  ],
  4: [
    'moveChild has four steps, and the comment in the starter names them in their order. Each is one line.',
    'The parent before: `lastOne(child, toParent)?.object`, also when the foreign key was changed by hand since (`knownOne` would call it out of date). When it is the same parent again, there is nothing to leave: the child keeps its place.',
    'The key: `Reflect.set(child, bond.foreignKey.property, keyOfParent(bond, parent))`. Do it before rememberOne, which notes the key for which the parent is right.',
    '`if (toParent) rememberOne(child, toParent, parent)` and `if (parent && toChildren) enter(parent, toChildren, child, bond)`.',
    'addPair: `put(manyOf(owner, relation), related)`, and with `const inverse = inverseOf(relation)` the same from the other side: `put(manyOf(related, inverse), owner)`. removePair is that with `drop`.',
  ],
  5: [
    'Begin with groupBy: it needs no database. A Map finds a group at once; a new group begins with one thing.',
    'groupKey: `value instanceof Date` becomes toISOString(), a Uint8Array becomes hex through `Buffer.from(value)`, everything else `narrowed(value)`.',
    'keysOf: relatedKey of every owner, filter with isNothing, and a Map by groupKey to keep each once: `[...new Map(keys.map((key) => [groupKey(key), key])).values()]`.',
    'handOut: first `groupBy(found, ({ key }) => key)`, once. Then walk over the owners and ask the groups with `groups.get(groupKey(key))`; a filter for each owner would read all keys again.',
    'handOut walks over the owners, not over the groups: who has no group must be remembered with an empty list, or it will ask again. Give `options` on to `remember`: they say whether the list is a part.',
  ],
  6: [
    'batchesOf: how many pieces are there? The last one may be shorter, and there must be no empty one.',
    '`Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size))`.',
    'limitPerOwner, the inner query: `belongingTo(relation, keys, withoutSlice(relation, base)).select({ ...target, ownerKey: key, ownerPlace: place })`, made a source by `.as("numbered")`. The target comes first: rows are read by place.',
    'The place: `rowNumber().over({ partitionBy: [key], orderBy: ordersOf(relation, base) })`. A partition is a group whose rows stay apart: the numbers begin again with each owner.',
    'The outer query: `from(numbered).where(({ ownerPlace }) => within(ownerPlace as Expression<number>, base.node)).orderBy(({ ownerPlace }) => ownerPlace!)`.',
  ],
  7: [
    'First without cycles: walk from a table to everything that it points to, and write the table down when all of that is written. Parents come first by themselves.',
    'For cycles: give each thing a number when you meet it, and put it on a list `open`. The walk through a thing answers one question: what is the smallest number of an open thing that can be reached from here?',
    'walk(thing): begin with `earliest = its own number`. For each next thing: not met yet, walk it and take the smaller answer; still open, take its number if smaller; closed already, it belongs to another group and does not count.',
    'When `earliest` is still the own number, nothing leads further back: the thing and everything behind it on `open` are one group. `groups.push(open.splice(open.indexOf(thing)))`.',
    'Start a walk at every thing that was not met yet, in the order given. A table that points to itself finds its own number, and changes nothing.',
  ],
}
