/** A statement as the tool shows it: `> ALTER TABLE …;`, further lines below the first. */
export const shown = (sql: string) => `> ${sql.replaceAll('\n', '\n  ')};`

/** A moment for a person to read: `2026-05-01 09:00:00`, in UTC. */
export const shownTime = (date: Date) => date.toISOString().slice(0, 19).replace('T', ' ')
